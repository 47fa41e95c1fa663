"""The encodings of Chinese files, told from their content."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gia_nlp.reading import ReadingError, read_bytes
from gia_nlp.reading.encoding import decode

SIMPLIFIED = "".join(bytes((a, b)).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFF))
TRADITIONAL = "".join(bytes((a, b)).decode("big5") for a in range(0xA4, 0xC6) for b in range(0xA1, 0xFF))
REPORT = (
    "溪岭市民政局2023年政府信息公开工作年度报告\r\n一、总体情况\r\n2023年，我局通过门户网站公开信息320条，"
    "收到依申请公开14件，均按期答复。\r\n"
)
# What Windows editors write beyond GB 2312: 镕 is GBK, 㐂 is GB18030 with four bytes.
BEYOND = "朱镕、㐂、〇、①"


def texts(alphabet):
    words = st.text(alphabet, min_size=8, max_size=60)
    return st.tuples(words, st.sampled_from(["，2023年", "：12件；\r\n", "、3.5%"]), words).map("".join)


@given(
    texts(SIMPLIFIED), st.sampled_from(["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
)
@settings(max_examples=150)
def test_simplified_text_comes_back(text, encoding):
    assert decode(text.encode(encoding)).text == text


@given(texts(TRADITIONAL))
@settings(max_examples=100)
def test_traditional_text_in_big5_comes_back(text):
    assert decode(text.encode("big5")).text == text


@given(st.binary(max_size=3000))
@settings(max_examples=150)
def test_any_bytes_are_read_or_refused(data):
    try:
        decoded = decode(data)
    except ReadingError as error:
        assert error.message
    else:
        assert decoded.text.strip()


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb2312", "gb18030"), ("gbk", "gb18030"),
        ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-16", "utf-16-le"),
    ],
)  # fmt: skip
def test_name_of_the_encoding(encoding, name):
    decoded = decode(REPORT.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.warnings) == (REPORT, name, ())


def test_gbk_beyond_gb2312():
    assert decode((REPORT + BEYOND).encode("gb18030"), declared="gb2312").text == REPORT + BEYOND


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_cut_last_character_costs_itself_only(encoding, cut):
    text = REPORT + "无"
    data = text.encode(encoding)[:-cut]
    decoded = decode(data)
    assert decoded.text.startswith(REPORT)
    if encoding != "utf-16-le" or cut == 1:
        if encoding == "gb18030" and cut == 2:
            assert decoded.text == REPORT
        else:
            assert [w.stage for w in decoded.warnings] == ["reading"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_bad_bytes_do_not_lose_the_file(encoding):
    data = bytearray((REPORT * 20).encode(encoding))
    data[300:301] = b"\xff\xff"
    decoded = decode(bytes(data))
    assert decoded.encoding == encoding
    assert decoded.text.endswith(REPORT)
    assert "\ufffd" in decoded.text
    assert decoded.warnings[0].error == "UndecodableBytes"


@pytest.mark.parametrize(
    "data",
    [b"", b"  \r\n\t", b"\x00" * 5000, codecs.BOM_UTF8, codecs.BOM_UTF8 + b"\n", bytes(range(256)) * 40,
     b"\xff\xfe\x20\x00", "　\u200b\n".encode(), b"\x7fELF" + b"\x00\x01\x02" * 900],
)  # fmt: skip
def test_blank_and_binary_files_are_refused_with_a_hint(data):
    with pytest.raises(ReadingError) as caught:
        read_bytes(data, "report.txt")
    assert caught.value.hint


def test_latin_text_with_a_stray_byte_is_still_text():
    assert "report" in decode(b"annual report of the county " * 20 + b"\xe9 end").text


def test_text_is_the_file_as_it_is():
    document = read_bytes(b"\xef\xbb\xbf" + "一、总体情况\r\n\r\n| a | b |\r\n".encode(), "x.md")
    assert document.text == "一、总体情况\r\n\r\n| a | b |\r\n"
    assert (document.format, document.grids, document.encoding) == ("markdown", (), "utf-8")
