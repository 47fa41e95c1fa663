"""Records whose ``__init__`` is made for speed behave like every other frozen dataclass."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from typing import Any

import pytest

from gia_nlp.records import Cell, Check, GridCell, Record

RECORDS = [
    (Cell, ("2021", "requests", "granted", "total", 3.0, "件", "number", "3"), {"note": "ocr", "start": 4}),
    (Check, ("rule", "scope", 1.0, 2.0, -1.0, "fails"), {"other_report_id": "r"}),
    (GridCell, (0, 1, "总计"), {"row_span": 2}),
]


@pytest.mark.parametrize(("cls", "values", "more"), RECORDS)
def test_like_a_frozen_dataclass(cls: type[Any], values: tuple[Any, ...], more: dict[str, Any]) -> None:
    plain = dataclasses.make_dataclass(
        "Plain", [(f.name, f.type, dataclasses.field(default=f.default)) for f in dataclasses.fields(cls)], frozen=True
    )
    record = cls(*values, **more)
    assert dataclasses.astuple(record) == dataclasses.astuple(plain(*values, **more))
    assert record == cls(**{f.name: getattr(record, f.name) for f in dataclasses.fields(cls)})
    assert record == pickle.loads(pickle.dumps(record)) == copy.copy(record) == cls.from_dict(record.to_dict())
    assert hash(record) == hash(copy.deepcopy(record))
    first = dataclasses.fields(cls)[0].name
    assert dataclasses.replace(record, **{first: "x"}) == cls("x", *values[1:], **more)
    assert list(inspect.signature(cls).parameters) == [f.name for f in dataclasses.fields(cls)]
    assert isinstance(record, Record)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, first, "x")
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        cls(*values[:-1])
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        cls(*values, wrong=1)
