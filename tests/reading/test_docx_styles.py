"""Styles of a Word file: looked up without a tree of them, the same as in a tree."""

import pytest
from lxml import etree

from gia_nlp.reading.docx_numbering import Numbering
from gia_nlp.reading.docx_styles import Styles, StyleTree

HEAD = '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
STYLES = (
    '<w:docDefaults/><w:style w:type="paragraph" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="2"/></w:style>'
    '<w:style w:styleId="2"><w:name w:val="b"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="twice"><w:name w:val="TOC 2"/></w:style><w:style w:styleId="twice"><w:name w:val="other"/></w:style>'
    '<w:style w:styleId="empty"/><w:style w:styleId="List Point.3"><w:name w:val="toc 3"/></w:style>'
    '<w:style w:styleId="标题"><w:name w:val="标题"/></w:style><w:latentStyles w:count="3"/>'
)
IDS = ["a", "1", "2", "twice", "empty", "List Point.3", "标题", "missing", "a&amp;b", "", "styleId"]


def part(styles=STYLES, declaration='<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'):
    return f"{declaration}{HEAD}{styles}</w:styles>".encode()


@pytest.mark.parametrize("declaration", ["", "<?xml version='1.0' encoding='utf-8'?>", '<?xml version="1.0"?>\r\n'])
def test_as_in_a_tree(declaration):
    content = part(declaration=declaration)
    looked_up, tree = Styles.of(content), StyleTree(etree.fromstring(content))
    assert looked_up is not None
    for name in IDS:
        found, expected = looked_up.named(name), tree.named(name)
        assert [[c.values() for c in s.iter()] for s in found] == [[c.values() for c in s.iter()] for s in expected]
    one, other = Numbering(None, looked_up), Numbering(None, tree)
    for name in IDS:
        assert one.is_contents(name) == other.is_contents(name)
        assert one._of_style(name) == other._of_style(name)
    assert one.is_contents("twice")
    assert one.is_contents("List Point.3")
    assert one._of_style("1") == ("7", 1)


@pytest.mark.parametrize(
    "content",
    [
        part(STYLES[:-20]),  # not well-formed
        part("<!-- <w:style w:styleId='9'/> -->" + STYLES),
        part("<?word x?>" + STYLES),
        part(STYLES.replace('w:styleId="1"', "w:styleId='1'")),
        part(STYLES.replace('w:styleId="1"', 'w:styleId ="1"')),
        part().decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        part(declaration='<?xml version="1.0" encoding="GBK"?>'),
        part()[:-40],
        b"",
    ],
)
def test_what_needs_a_tree(content):
    assert Styles.of(content) is None


def test_an_end_tag_with_a_blank():
    styles = Styles.of(part(STYLES.replace("</w:style>", "</w:style >")))
    assert styles is not None
    assert [len(styles.named(name)) for name in IDS[:5]] == [1, 1, 1, 2, 1]


def test_many_styles_are_not_sought_one_by_one():
    many = "".join(f'<w:style w:styleId="s{i}"><w:name w:val="n{i}"/></w:style>' for i in range(300))
    styles = Styles.of(part(many))
    assert styles is not None
    assert [styles.named(f"s{i}")[0][0].values() for i in range(300)] == [[f"n{i}"] for i in range(300)]
    assert styles._tree is not None
