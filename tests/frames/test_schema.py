from __future__ import annotations

from pathlib import Path

from gia_nlp.frames.describe import tables_page
from gia_nlp.frames.schema import arrow_schema, base_tables, tables

ROOT = Path(__file__).parents[2]

CONTRACT = {
    "texts": "report_id, text, text_sha256",
    "reports": "report_id, path, format, sha256, title, issuer, region, adcode, level, agency_kind, year, "
    "published_on, form, is_report, none_reported, characters, language_note, pipeline_version",
    "sections": "report_id, section, heading, start_char, end_char",
    "cells": "report_id, form, form_table, form_row, form_column, value, unit, kind, raw, note, start_char, end_char",
    "checks": "report_id, other_report_id, rule, scope, left_value, right_value, difference, status, note",
    "facts": "report_id, fact_id, indicator, value, value_max, bound, unit, channel, period, topic, change_value, "
    "change_unit, change_direction, section, start_char, end_char, quote, decided_by, rule_id, score",
    "items": "report_id, item_id, kind, status, start_char, end_char, quote, categories, category_scores, remedies, "
    "decided_by, score",
    "errors": "report_id, path, stage, error, message, hint",
}


def test_tables_have_the_promised_columns_in_order() -> None:
    assert {name: ", ".join(tables()[name].names) for name in base_tables()} == {n: CONTRACT[n] for n in base_tables()}
    assert set(tables()) == {*CONTRACT, "panel"}


def test_panel_has_a_column_for_each_answer_cell_and_category() -> None:
    names = tables()["panel"].names
    for expected in (
        "answer_items_published",
        "answer_items_published_fact_id",
        "cell_requests_received_natural_person",
        "cell_requests_refused_state_secret_total",
        "cell_proactive_fees_amount",
        "cell_statistics_applications_received_year",
        "problem_coverage",
        "remedy_other",
        "checks_failed",
        "issuer",
    ):
        assert expected in names
    assert len([n for n in names if n.startswith("cell_review_litigation_")]) == 15
    assert len([n for n in names if n.endswith("_total") and n.startswith("cell_requests_")]) == 26
    assert len(names) == len(set(names))


def test_no_name_is_a_reserved_word_of_sql() -> None:
    import duckdb

    reserved = {
        word
        for (word,) in duckdb.sql(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
        ).fetchall()
    }
    assert not reserved & {column for table in tables().values() for column in table.names}


def test_lists_and_essentials_are_never_null() -> None:
    facts = {c.name: c for c in tables()["facts"].columns}
    assert not any(facts[name].nullable for name in ("period", "channel", "bound", "value", "quote"))
    items = {c.name: c for c in tables()["items"].columns}
    assert not any(items[n].nullable for n in ("kind", "status", "categories", "category_scores", "remedies"))
    assert not arrow_schema(tables()["items"]).field("categories").nullable


def test_documentation_is_up_to_date() -> None:
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert page == tables_page(), "run: python -m gia_nlp.frames.describe > docs/tables.md"
