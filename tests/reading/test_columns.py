"""Trees as columns: what is written out and taken apart is what a walk through the tree finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gia_nlp.reading.columns import Columns, _walked

pieces = st.sampled_from(
    ["<div class='a b'>", "</div>", "<p hidden>", "</p>", "<td rowspan=2 colspan='3'>", "<br>", "<o:p>", "</o:p>", "收到", " \r\n",
     "&lt;b&gt; &amp;lt; &#13;", '<a href="x?a=1&amp;b=<2>">', "</a>", '<p "x=1>', "<p<b>", "<i =c>", "]]>", "\x0b", "\ufffe", "&nbsp;",
     "<td\x0bx=1>", "<span style='a:\"b\"\n'>", "<!-- - -->", "<?php ?>", "\ufffd", "<a\u00c9 b='1'>", "<p a'b=1>"]
)  # fmt: skip


def page(source):
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(source.encode("utf-8"), parser)


def tags(found):
    """Start and end tags; an empty element has both."""
    rows = []
    for closing, tag, written, empty, text in zip(
        found.closing, found.tags, found.written, found.empty, found.texts, strict=True
    ):
        rows += [("", tag, written, ""), ("/", tag, "", text)] if empty else [(closing, tag, written, text)]
    return rows


def walked(root):
    parts = _walked(root)
    return list(zip(parts[1::5], parts[2::5], parts[3::5], parts[4::5], strict=True))


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, min_size=1, max_size=25))
def test_as_walked(source):
    root = page("<body>" + "".join(source))
    found, expected = tags(Columns(root)), walked(root)
    assert [(c, t, x) for c, t, _, x in found] == [(c, t, x) for c, t, _, x in expected]
    for (_, _, written, _), (_, _, known, _) in zip(found, expected, strict=True):
        assert written.replace("&lt;", "<").replace("&gt;", ">").replace("&#10;", "\n") == known


@pytest.mark.parametrize("source", ["<p>一\x0b二", "<p<b>一二", "<p \"x='1'>一二"])
def test_what_cannot_be_taken_apart_is_walked(source):
    found = Columns(page(source))
    assert "".join(found.texts).replace("\x0b", "") == "一二"
    assert all(not w or w.count('"') % 2 == 0 for w in found.written)


def test_ends_and_children():
    found = Columns(page("<div><p>一</p><br>二<p>三</p></div>"))
    div = found.tags.index("div")
    assert [found.tags[i] for i in found.children(div)] == ["p", "br", "p"]
    assert [found.texts[found.ends[i]] for i in found.children(div)] == ["", "二", ""]
