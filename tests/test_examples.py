"""The example reports from file to tables, against their right answers (data/examples/gold)."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "data" / "examples"
GOLD = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.glob("gold/*.json"))}
TABLES = ("texts", "reports", "sections", "cells", "checks", "facts", "items", "panel", "errors")
Rows = list[dict[str, Any]]
Tables = dict[str, dict[str, Rows]]  # table -> report -> rows


@pytest.fixture(scope="session")
def tagged(tmp_path_factory: pytest.TempPathFactory, tag_command: Any, rows: Callable[[Path], Rows]) -> Tables:
    """The tables that ``gia-nlp tag data/examples`` writes, by the name of the report."""
    out = tmp_path_factory.mktemp("examples") / "out"
    tag_command([EXAMPLES], out)
    tables: Tables = {}
    for name in TABLES:
        groups: dict[str, Rows] = defaultdict(list)
        for row in rows(out / f"{name}.parquet"):
            groups[row["report_id"].removeprefix("examples/")].append(row)
        tables[name] = groups
    return tables


def decoded(gold: dict[str, Any]) -> str | None:
    """The text of a text file as its offsets count it; ``None`` for formats whose text the reader makes."""
    name, _, member = gold["source"].partition("!/")
    path = EXAMPLES / name
    if "text_sha256" not in gold:
        return None
    if member:
        with zipfile.ZipFile(path) as archive:
            return archive.read(member).decode("utf-8")
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


# --------------------------------------------------------------------------- the examples themselves


def test_there_are_at_least_twelve_reports_in_every_format_and_form() -> None:
    assert len(GOLD) >= 12
    suffixes = {Path(gold["source"].partition("!/")[0]).suffix for gold in GOLD.values()}
    assert suffixes == {".txt", ".md", ".html", ".docx", ".pdf", ".zip"}
    assert {gold["meta"]["form"] for gold in GOLD.values()} == {"free", "statistics", "2019", "2021"}


@pytest.mark.parametrize("name", GOLD)
def test_gold_quotes_stand_at_their_offsets(name: str) -> None:
    gold = GOLD[name]
    text = decoded(gold)
    for entry in gold["facts"] + gold["items"]:
        if text is None:
            assert entry["start"] is None
            assert entry["end"] is None
        else:
            assert text[entry["start"] : entry["end"]] == entry["quote"]
    if text is not None:
        assert hashlib.sha256(text.encode()).hexdigest() == gold["text_sha256"]


def test_examples_are_what_their_sources_build(tmp_path: Path) -> None:
    script = EXAMPLES.parent / "example-sources" / "build.py"
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True, timeout=120)
    built = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert built == sorted(p.relative_to(EXAMPLES) for p in EXAMPLES.rglob("*") if p.is_file())
    for path in built:
        if path.suffix not in (".docx", ".pdf"):  # these change with the libraries that write them
            assert (tmp_path / path).read_bytes() == (EXAMPLES / path).read_bytes(), path


# --------------------------------------------------------------------------- evidence


def test_every_report_is_there_and_none_failed(tagged: Tables) -> None:
    assert set(tagged["texts"]) == {gold["source"] for gold in GOLD.values()}
    assert not [e for rows in tagged["errors"].values() for e in rows if e["stage"] in ("reading", "running")]


def spans(tagged: Tables, source: str) -> Iterator[tuple[str, int, int, str]]:
    for table, field in (("facts", "quote"), ("items", "quote"), ("cells", "raw"), ("sections", "heading")):
        for row in tagged[table][source]:
            if row["start_char"] is None:
                assert table == "cells", row
                continue
            end = row["end_char"]
            if table == "sections":
                if row["heading"] is None:
                    continue
                end = row["start_char"] + len(row["heading"])
            yield table, row["start_char"], end, row[field]


@pytest.mark.parametrize("name", GOLD)
def test_every_row_quotes_the_text_at_its_offsets(name: str, tagged: Tables) -> None:
    source = GOLD[name]["source"]
    [text_row] = tagged["texts"][source]
    text = text_row["text"]
    wrong = [
        (t, s, e, q, text[s:e]) for t, s, e, q in spans(tagged, source) if t != "sections" and text[s:e] != (q or "")
    ]
    assert wrong == []
    expected = decoded(GOLD[name])
    if expected is not None:
        assert text == expected


# --------------------------------------------------------------------------- tables


@pytest.mark.parametrize("name", [n for n, gold in GOLD.items() if gold["tables"]])
def test_tables(name: str, tagged: Tables) -> None:
    """Every cell is right; what no sum parts may stay open; no number stands where the form has none."""
    gold = GOLD[name]
    want = {(t, key): value for t, cells in gold["tables"].items() for key, value in cells.items()}
    open_cells = {(t, key) for t, keys in gold.get("undecidable", {}).items() for key in keys}
    got: dict[tuple[str, str], dict[str, Any]] = {}
    for row in tagged["cells"][gold["source"]]:
        place = (row["form_table"], f"{row['form_row']}.{row['form_column']}")
        assert place not in got, f"two rows for {place}"
        got[place] = row
    wrong = []
    for place, value in want.items():
        have = got[place]["value"] if place in got else None
        if place in open_cells and have is None:
            assert got[place]["kind"] == "ambiguous", place
        elif have != (None if value is None else pytest.approx(value)):
            wrong.append((place, value, have, got.get(place, {}).get("note")))
    invented = [p for p, row in got.items() if p[0] in gold["tables"] and p not in want and row["value"] is not None]
    assert (wrong, invented) == ([], [])


def test_blank_is_not_zero(tagged: Tables) -> None:
    cells = {
        f"{c['form_table']}.{c['form_row']}.{c['form_column']}": c
        for c in tagged["cells"]["qinglong-archives-2021.txt"]
    }
    assert cells["proactive.regulations.in_force"]["kind"] == "empty"
    assert cells["proactive.regulations.issued"]["kind"] == "zero"
    assert cells["requests.received.research"]["kind"] == "empty"


def test_sums_that_fail_are_reported_and_nothing_is_repaired(tagged: Tables) -> None:
    failed = {n: [c for c in tagged["checks"][g["source"]] if c["status"] == "fails"] for n, g in GOLD.items()}
    assert failed["tonghu-agriculture-2021"], "its total of outcomes is printed one too high"
    for name in ("xikou-healthcare-2024", "qinglong-county-2022", "yunting-education-2023", "xiling-finance-2016"):
        assert failed[name] == [], name


# --------------------------------------------------------------------------- sections, metadata


@pytest.mark.parametrize("name", GOLD)
def test_sections(name: str, tagged: Tables) -> None:
    gold = GOLD[name]
    got = [(s["section"], s["start_char"]) for s in tagged["sections"][gold["source"]] if s["section"] != "preamble"]
    assert [s for s, _ in got] == [s["id"] for s in gold["sections"]]
    for (_, start), section in zip(got, gold["sections"], strict=True):
        assert section["start"] is None or abs(start - section["start"]) <= 4


@pytest.mark.parametrize("name", GOLD)
def test_metadata(name: str, tagged: Tables) -> None:
    gold = GOLD[name]
    [report] = tagged["reports"][gold["source"]]
    assert (report["year"], report["form"]) == (gold["meta"]["year"], gold["meta"]["form"])
    assert report["issuer"] == gold["meta"]["issuer"]
    assert report["none_reported"] == gold["none_reported"]
    assert report["is_report"]


# --------------------------------------------------------------------------- facts and items


def overlap(a: dict[str, Any], b: dict[str, Any]) -> float:
    """Share of characters in common; where gold has no offsets, of the quotes' character pairs."""
    if a["start"] is not None:
        common = min(a["end"], b["end_char"]) - max(a["start"], b["start_char"])
        return max(0, common) / (max(a["end"], b["end_char"]) - min(a["start"], b["start_char"]))
    x, y = ({q[i : i + 2] for i in range(max(1, len(q) - 1))} for q in ("".join(r["quote"].split()) for r in (a, b)))
    return 2 * len(x & y) / (len(x) + len(y))


def pairs(
    gold: Rows, got: Rows, same: Callable[[dict[str, Any], dict[str, Any]], bool], least: float
) -> dict[int, int]:
    """Each gold row with the row that matches it best, one to one."""
    scored = [(overlap(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(got) if same(g, p)]
    matched: dict[int, int] = {}
    for score, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if score >= least and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


def f1(hits: int, got: int, want: int) -> float:
    return 2 * hits / (got + want)


def same_fact(g: dict[str, Any], p: dict[str, Any]) -> bool:
    return (g["indicator"], g["value"], g["period"]) == (p["indicator"], p["value"], p["period"])


def test_facts(tagged: Tables) -> None:
    hits = got = want = 0
    attributes: dict[str, list[bool]] = defaultdict(list)
    report = []
    for name, gold in GOLD.items():
        found = tagged["facts"][gold["source"]]
        matched = pairs(gold["facts"], found, same_fact, 0.2)
        hits, got, want = hits + len(matched), got + len(found), want + len(gold["facts"])
        report += [
            f"{name} missed {g['indicator']} {g['quote']}" for i, g in enumerate(gold["facts"]) if i not in matched
        ]
        report += [
            f"{name} invented {p['indicator']} {p['quote']}" for j, p in enumerate(found) if j not in matched.values()
        ]
        for i, j in matched.items():
            for field in ("channel", "bound", "unit"):
                attributes[field].append(gold["facts"][i][field] == found[j][field])
            for field in ("value", "unit", "direction"):
                change = gold["facts"][i]["change"]
                attributes["change"].append(found[j][f"change_{field}"] == (change and change[field]))
    print("\n".join(report), {field: sum(right) / len(right) for field, right in attributes.items()})
    assert f1(hits, got, want) >= 0.95, "\n".join(report)
    for field, right in attributes.items():
        assert sum(right) / len(right) >= 0.95, field


def answers(facts: Rows) -> dict[str, float]:
    """The document's answer to each indicator, by the rule that the documentation states."""
    found: dict[str, float] = {}
    for indicator in {f["indicator"] for f in facts}:
        here = [f for f in facts if f["indicator"] == indicator and f["period"] == "current" and not f["topic"]]
        total = [f for f in here if f["channel"] == "all"]
        if not total and len({f["channel"] for f in here}) == 1:
            total = here
        if total:
            found[indicator] = min(total, key=lambda f: f["bound"] != "exact")["value"]
    return found


def test_answers_in_the_panel(tagged: Tables) -> None:
    hits = got = want = 0
    wrong = []
    for name, gold in GOLD.items():
        [panel] = tagged["panel"][gold["source"]]
        right = answers(gold["facts"])
        have = {
            k.removeprefix("answer_"): v
            for k, v in panel.items()
            if k.startswith("answer_") and not k.endswith("_fact_id") and v is not None
        }
        hits += sum(have.get(k) == v for k, v in right.items())
        got, want = got + len(have), want + len(right)
        wrong += [
            (name, k, right.get(k), have.get(k)) for k in right.keys() | have.keys() if right.get(k) != have.get(k)
        ]
    assert f1(hits, got, want) >= 0.95, wrong


def test_items(tagged: Tables) -> None:
    """Spans and kinds, then status, pairing and categories end to end."""
    hits = got = want = statuses = links_hit = links_got = links_want = cat_hit = cat_got = cat_want = 0
    report = []
    for name, gold in GOLD.items():
        found = tagged["items"][gold["source"]]
        matched = pairs(gold["items"], found, lambda g, p: bool(g["kind"] == p["kind"]), 0.7)
        hits, got, want = hits + len(matched), got + len(found), want + len(gold["items"])
        report += [f"{name} missed {g['quote']}" for i, g in enumerate(gold["items"]) if i not in matched]
        report += [f"{name} invented {p['quote']}" for j, p in enumerate(found) if j not in matched.values()]
        places = {p["item_id"]: j for j, p in enumerate(found)}
        right = {(matched.get(i), matched.get(r)) for i, g in enumerate(gold["items"]) for r in g["remedies"]}
        have = {(j, places[r]) for j, p in enumerate(found) for r in p["remedies"]}
        links_hit, links_got = links_hit + len(right & have), links_got + len(have)
        links_want += sum(len(g["remedies"]) for g in gold["items"])
        cat_got += sum(len(p["categories"]) for p in found)
        cat_want += sum(len(g["categories"]) for g in gold["items"])
        for i, j in matched.items():
            statuses += gold["items"][i]["when"] == found[j]["status"]
            a, b = set(gold["items"][i]["categories"]), set(found[j]["categories"])
            cat_hit += len(a & b)
            if a != b:
                report.append(f"{name} {sorted(a)} got {sorted(b)}: {gold['items'][i]['quote']}")
    print("\n".join(report), f1(links_hit, links_got, links_want), f1(cat_hit, cat_got, cat_want))
    assert f1(hits, got, want) >= 0.95, "\n".join(report)
    assert statuses / hits >= 0.95
    assert f1(links_hit, links_got, links_want) >= 0.9
    assert f1(cat_hit, cat_got, cat_want) >= 0.85, "\n".join(report)
