"""Data for mining: the business of agencies, the series over the forms."""

from __future__ import annotations

import pytest

from gia_nlp.frames.schema import tables
from gia_nlp.vocabulary.agencies import agencies
from gia_nlp.vocabulary.business import business
from gia_nlp.vocabulary.loader import load_yaml
from gia_nlp.vocabulary.series import series


def test_business_names_kinds_that_there_are() -> None:
    kinds = {kind for kind, _ in agencies().kinds}
    data = load_yaml("business")
    assert set(data["terms"]) | set(data["also"]) | {k for ks in data["also"].values() for k in ks} <= kinds
    assert business().general <= kinds
    terms = [t for ts in data["terms"].values() for t in ts]
    assert len(terms) == len(set(terms)), "a term is one kind's"
    assert all(len(t) >= 2 for t in terms)


@pytest.mark.parametrize(
    ("term", "kind", "foreign"),
    [
        ("公路法", "信访", True),
        ("公路法", "交通运输", False),
        ("疫苗接种", "教育", False),
        ("疫苗接种", "水利", True),
        ("养老机构", "办公室", False),
        ("养老机构", None, False),
    ],
)
def test_what_is_another_agency_s_business(term: str, kind: str | None, foreign: bool) -> None:
    assert business().is_foreign(term, kind) is foreign


def test_series_are_columns_of_the_panel() -> None:
    columns = set(tables()["panel"].names)
    for one in series().values():
        assert one.zh and one.sources
        for source in one.sources:
            assert set(source.columns) <= columns, one.id
            assert source.from_prose == source.name.startswith("answer_")
    assert series()["applications_refused"].sources[0].name.count(" + ") == 7
