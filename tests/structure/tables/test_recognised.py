"""What comes from text recognition is marked, and nothing else."""

import pytest

from gia_nlp.records import Document
from gia_nlp.structure import analyse

ROWS = [
    "规章\t0\t0\t0",
    "行政规范性文件\t3\t1\t12",
    "行政许可\t45",
    "行政处罚\t7",
    "行政强制\t0",
    "行政事业性收费\t1.5",
]
TEXT = "\n".join(ROWS)


@pytest.mark.parametrize(
    ("spans", "marked"),
    [((), set()), (((0, len(TEXT)),), {"0", "3", "1", "12", "45", "7", "1.5"}), (((TEXT.index("行政许可"), len(TEXT)),), {"45", "7", "0", "1.5"})],
)  # fmt: skip
def test_cells_of_recognised_stretches(spans, marked):
    cells = analyse(Document(TEXT, recognised=spans)).cells
    assert {c.raw for c in cells if "ocr" in (c.note or "")} == marked
    assert all(
        c.note == "ocr"
        for c in cells
        if c.raw in marked and c.start is not None and c.start >= (spans[0][0] if spans else 0)
    )


def test_a_note_keeps_what_it_said():
    text = TEXT.replace("\t45", "\t45（含上年）")
    plain = next(c for c in analyse(Document(text)).cells if c.raw.startswith("45"))
    seen = next(c for c in analyse(Document(text, recognised=((0, len(text)),))).cells if c.raw.startswith("45"))
    assert plain.note and seen.note == f"{plain.note}; ocr"
