"""One document scored: counts for the measures, and every mention with what became of it.

The counts are those of the annotation guide, section 5; their names are the measure's with ``_right``/``_tp``, ``_pred``, ``_gold``. The
mentions are rows of which the breakdowns, the calibration and the error report are made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gia_nlp.learning.evaluation.gold import GoldDocument
from gia_nlp.learning.evaluation.matching import (
    ATTRIBUTES,
    Row,
    attribute_agrees,
    document_answers,
    match_facts,
    match_facts_any_period,
    match_items,
    match_quantities,
    overlap,
    plain,
    same_number,
    span,
)
from gia_nlp.learning.evaluation.predictions import Predictions, Rows

SHOWN = (*ATTRIBUTES, "period")
_HEADING_SLACK = 4  # a heading may begin a few characters off: its number or mark counted or not


@dataclass(slots=True)
class DocumentResult:
    """What came of one gold document. ``report_id`` is ``None`` where no report matches it."""

    gold: GoldDocument
    report_id: str | None
    text: str | None
    form: str
    counts: Counter[str] = field(default_factory=Counter)
    facts: Rows = field(default_factory=list)
    items: Rows = field(default_factory=list)
    links: Rows = field(default_factory=list)
    cells: Rows = field(default_factory=list)
    answers: Rows = field(default_factory=list)
    other: Rows = field(default_factory=list)


def score_document(gold: GoldDocument, predictions: Predictions) -> DocumentResult:
    """Scores one document; one without a report has everything missed."""
    ids = predictions.candidates(gold)
    report_id = ids[0] if ids else None
    text = predictions.text(report_id)
    reports = predictions.rows("reports", report_id)
    form = (gold.answers.get("meta") or {}).get("form") or (reports[0].get("form") if reports else None)
    result = DocumentResult(gold, report_id, text if text is not None else gold.text, str(form or "unknown"))
    if report_id is None:
        result.other.append({"what": "document", "gold": gold.source or gold.name, "predicted": None})
    _quotes(result, predictions, text)
    place = _Places(result, gold.answers.get("sections") or [], predictions.rows("sections", report_id))
    if "facts" in gold.answers:
        _facts(result, gold.answers["facts"], predictions.rows("facts", report_id), place)
        panel = predictions.rows("panel", report_id)
        if panel:
            _answers(result, gold.answers["facts"], panel[0])
    if "items" in gold.answers:
        _items(result, gold.answers, predictions.rows("items", report_id), reports, place)
    if gold.answers.get("tables"):
        _cells(result, gold.answers, predictions.rows("cells", report_id))
    if gold.text is None:  # a passage is no report: it has no form, and its year is given
        _metadata(result, gold.answers, reports, predictions.rows("sections", report_id))
    return result


# --------------------------------------------------------------------------- places


class _Places:
    """Which section a mention stands in: by gold's sections where they have offsets, else by the predicted ones."""

    def __init__(self, result: DocumentResult, gold: Rows, predicted: Rows) -> None:
        placed = [s for s in gold if s.get("start") is not None and s.get("end") is not None]
        rows = [(int(s["start"]), int(s["end"]), str(s["id"])) for s in placed]
        self._rows = rows or [(*at, str(s["section"])) for s in predicted if (at := span(s))]
        self._text = result.text

    def of(self, row: Row) -> str:
        at = span(row)
        quote = row.get("quote")
        if at is None and self._text and quote and self._text.count(quote) == 1:
            begin = self._text.index(quote)
            at = (begin, begin + len(quote))
        if at is None:
            return "unknown"
        return next((name for start, end, name in self._rows if start <= at[0] < end), "unknown")


def _quotes(result: DocumentResult, predictions: Predictions, text: str | None) -> None:
    if text is None:
        return
    for table in ("facts", "items"):
        for row in predictions.rows(table, result.report_id):
            at = span(row)
            wrong = at is None or text[at[0] : at[1]] != row.get("quote")
            result.counts["quotes"] += 1
            result.counts["quotes_wrong"] += wrong
            if wrong:
                there = text[at[0] : at[1]] if at else None
                result.other.append({"what": "quote", "gold": there, "predicted": row.get("quote"), "at": at})


# --------------------------------------------------------------------------- facts


def _facts(result: DocumentResult, want: Rows, got: Rows, place: _Places) -> None:
    counts = result.counts
    pairs = match_facts(want, got)
    counts.update(facts_tp=len(pairs), facts_pred=len(got), facts_gold=len(want))
    for g in want:
        counts[f"indicator:{g['indicator']}_gold"] += 1
    for p in got:
        counts[f"indicator:{p.get('indicator')}_pred"] += 1
    for i, j in pairs:
        counts[f"indicator:{want[i]['indicator']}_tp"] += 1
        for name in ATTRIBUTES:
            counts[f"fact_{name}_n"] += 1
            counts[f"fact_{name}_right"] += attribute_agrees(name, want[i], got[j])
    for i, j in match_facts_any_period(want, got):
        counts["fact_period_n"] += 1
        counts["fact_period_right"] += attribute_agrees("period", want[i], got[j])
    quantities = match_quantities(want, got)
    counts["fact_indicator_n"] += len(quantities)
    counts["fact_indicator_right"] += sum(want[i]["indicator"] == got[j].get("indicator") for i, j in quantities)
    hit_gold, hit_predicted = {i for i, _ in pairs}, {j for _, j in pairs}
    beside_gold = {i: got[j] for i, j in quantities if i not in hit_gold and j not in hit_predicted}
    beside_predicted = {j: want[i] for i, j in quantities if i not in hit_gold and j not in hit_predicted}
    add = result.facts.append
    for i, j in pairs:
        add(_fact_row(result, "right", want[i], got[j], place))
    for i, g in enumerate(want):
        if i not in hit_gold:
            add(_fact_row(result, "missed", g, None, place, beside_gold.get(i)))
    for j, p in enumerate(got):
        if j not in hit_predicted:
            add(_fact_row(result, "invented", None, p, place, beside_predicted.get(j)))


def _fact_row(
    result: DocumentResult, outcome: str, gold: Row | None, found: Row | None, place: _Places, beside: Row | None = None
) -> dict[str, Any]:
    shown = gold or found or {}
    row: dict[str, Any] = {"document": result.gold.name, "outcome": outcome, "form": result.form, **result.gold.groups}
    row |= {name: shown.get(name) for name in ("indicator", "value", "quote")}
    row["start"], row["end"] = span(found or shown) or (None, None)
    row["gold_start"], row["gold_end"] = (span(gold) if gold else None) or (None, None)
    row["gold_quote"] = gold.get("quote") if gold else None
    row["section"] = place.of(found or shown)
    for name in SHOWN:
        row[f"gold_{name}"] = _shown(name, gold, predicted=False)
        row[name] = _shown(name, found, predicted=True)
    row["wrong"] = [a for a in ATTRIBUTES if not attribute_agrees(a, gold, found)] if gold and found else []
    row["beside"] = f"{beside.get('indicator')} ({beside.get('period') or 'current'})" if beside else None
    for name in ("rule_id", "decided_by", "score"):
        row[name] = found.get(name) if found else None
    return row


def _shown(name: str, row: Row | None, *, predicted: bool) -> Any:
    if row is None:
        return None
    if name == "change":
        change = {k: row.get(f"change_{k}") for k in ("value", "unit", "direction")} if predicted else row.get("change")
        if not change or not any(v is not None for v in change.values()):
            return None
        amount = "" if change.get("value") is None else f"{change['value']:g}"
        return f"{change.get('direction') or ''} {amount}{change.get('unit') or ''}".strip()
    value = plain(row.get(name))
    return value if value is not None or name not in ("channel", "period") else {"channel": "all"}.get(name, "current")


def _answers(result: DocumentResult, want: Rows, panel: Row) -> None:
    for indicator, right in document_answers(want).items():
        have = plain(panel.get(f"answer_{indicator}"))
        agrees = same_number(have, right)
        result.counts["answers_gold"] += right is not None
        result.counts["answers_pred"] += have is not None
        result.counts["answers_tp"] += agrees
        if right is not None or have is not None:
            base = {"document": result.gold.name, "indicator": indicator, "gold": right, "predicted": have}
            result.answers.append(base | {"right": agrees})


# --------------------------------------------------------------------------- items


def _items(result: DocumentResult, answers: dict[str, Any], found: Rows, reports: Rows, place: _Places) -> None:
    counts, want, scope = result.counts, answers["items"], answers.get("scope")
    limits = (int(scope["start"]), int(scope["end"])) if scope else None
    got = [p for p in found if limits is None or (at := span(p)) is None or overlap(at, limits) > 0]
    pairs = match_items(want, got)
    counts.update(items_tp=len(pairs), items_pred=len(got), items_gold=len(want))
    for g in want:
        for category in set(g["categories"]):
            counts["cat_gold"] += 1
            counts[f"category:{category}_gold"] += 1
    for p in got:
        for category in set(p.get("categories") or []):
            counts["cat_pred"] += 1
            counts[f"category:{category}_pred"] += 1
    for i, j in pairs:
        a, b = set(want[i]["categories"]), set(got[j].get("categories") or [])
        counts["item_status_n"] += 1
        counts["item_status_right"] += want[i].get("when") == got[j].get("status")
        counts["cat_tp"] += len(a & b)
        counts.update(given_tp=len(a & b), given_pred=len(b), given_gold=len(a))
        for category in a & b:
            counts[f"category:{category}_tp"] += 1
    hit_gold, hit_predicted = {i for i, _ in pairs}, {j for _, j in pairs}
    add = result.items.append
    for i, j in pairs:
        add(_item_row(result, "right", want[i], got[j], place))
    for i, g in enumerate(want):
        if i not in hit_gold:
            add(_item_row(result, "missed", g, None, place))
    for j, p in enumerate(got):
        if j not in hit_predicted:
            add(_item_row(result, "invented", None, p, place))
    _links(result, want, got, found, pairs)
    if "none_reported" in answers and reports:
        right = bool(plain(reports[0].get("none_reported"))) == bool(answers["none_reported"])
        counts["meta_none_n"] += 1
        counts["meta_none_right"] += right
        if not right:
            values = {"gold": bool(answers["none_reported"]), "predicted": not answers["none_reported"]}
            result.other.append({"what": "none_reported", **values})


def _item_row(
    result: DocumentResult, outcome: str, gold: Row | None, found: Row | None, place: _Places
) -> dict[str, Any]:
    shown = gold or found or {}
    row: dict[str, Any] = {"document": result.gold.name, "outcome": outcome, "form": result.form, **result.gold.groups}
    row |= {"kind": shown.get("kind"), "section": place.of(found or shown)}
    row["start"], row["end"] = span(found or shown) or (None, None)
    row["gold_start"], row["gold_end"] = (span(gold) if gold else None) or (None, None)
    row["quote"], row["gold_quote"] = (found or shown).get("quote"), gold.get("quote") if gold else None
    row["gold_status"], row["status"] = gold.get("when") if gold else None, found.get("status") if found else None
    row["gold_categories"] = sorted(set(gold["categories"])) if gold else []
    row["categories"] = list(dict.fromkeys(found.get("categories") or [])) if found else []
    row["category_scores"] = list(found.get("category_scores") or []) if found else []
    for name in ("rule_id", "decided_by", "score"):
        row[name] = found.get(name) if found else None
    return row


def _links(result: DocumentResult, want: Rows, got: Rows, found: Rows, pairs: Sequence[tuple[int, int]]) -> None:
    """Which remedy answers which problem, end to end: what was missed counts, what was invented counts."""
    to_gold = {got[j].get("item_id"): i for i, j in pairs}
    by_id = {p.get("item_id"): p for p in found}
    gold = {(i, k) for i, g in enumerate(want) if g["kind"] == "problem" for k in g.get("remedies") or []}
    ours = [(p.get("item_id"), k) for p in got if p.get("kind") == "problem" for k in set(p.get("remedies") or [])]
    right = {(to_gold.get(a), to_gold.get(b)) for a, b in ours} & gold
    result.counts.update(
        pair_gold=len(gold), pair_pred=len(ours), pair_tp=sum((to_gold.get(a), to_gold.get(b)) in gold for a, b in ours)
    )
    base = {"document": result.gold.name, "form": result.form, **result.gold.groups}
    for i, k in sorted(gold):
        outcome = "right" if (i, k) in right else "missed"
        ends = {"problem": want[i]["quote"], "remedy": want[k]["quote"] if k < len(want) else None}
        at = span(want[i]) or (None, None)
        result.links.append(base | {"outcome": outcome, **ends, "start": at[0], "end": at[1]})
    for a, b in sorted(ours, key=str):
        if (to_gold.get(a), to_gold.get(b)) not in gold:
            ends = {"problem": by_id[a].get("quote"), "remedy": by_id[b].get("quote") if b in by_id else None}
            at = span(by_id[a]) or (None, None)
            result.links.append(base | {"outcome": "invented", **ends, "start": at[0], "end": at[1]})


# --------------------------------------------------------------------------- cells


def _cells(result: DocumentResult, answers: dict[str, Any], found: Rows) -> None:
    counts = result.counts
    want = {(table, key): value for table, cells in answers["tables"].items() for key, value in (cells or {}).items()}
    may_stay_open = {(table, key) for table, keys in (answers.get("undecidable") or {}).items() for key in keys}
    got: dict[tuple[Any, str], Row] = {}
    for p in found:
        key = (p.get("form_table"), f"{p.get('form_row')}.{p.get('form_column')}")
        counts["duplicate_cells"] += key in got
        got[key] = p
    faults = 0
    for key, value in want.items():
        cell = got.get(key, {})
        have, note = plain(cell.get("value")), plain(cell.get("note"))
        left_open = key in may_stay_open and have is None
        right = left_open or (have is None if value is None else same_number(have, value))
        counts["cells_n"] += 1
        counts["cells_right"] += right
        if value not in (None, 0) and not left_open:
            counts["nonzero_n"] += 1
            counts["nonzero_right"] += right
        silent = not right and have is not None and not note
        counts["silent_numbers"] += silent
        faults += not right
        outcome = "left open" if left_open else "right" if right else "silent" if silent else "noted" if have is not None else "missing"  # fmt: skip
        result.cells.append(_cell_row(result, outcome, key, value, cell))
    for key, cell in got.items():
        if key[0] in answers["tables"] and key not in want and plain(cell.get("value")) is not None:
            counts["invented_numbers"] += 1
            faults += 1
            result.cells.append(_cell_row(result, "invented", key, None, cell))
    counts["all_tables_right_n"] += 1
    counts["all_tables_right_right"] += not faults and result.report_id is not None and not counts["duplicate_cells"]


def _cell_row(
    result: DocumentResult, outcome: str, key: tuple[Any, str], gold: float | None, cell: Row
) -> dict[str, Any]:
    start, end = span(cell) or (None, None)
    return {
        "document": result.gold.name,
        "outcome": outcome,
        "form": plain(cell.get("form")) or result.form,
        "table": key[0],
        "cell": key[1],
        "gold": gold,
        "value": plain(cell.get("value")),
        "kind": cell.get("kind"),
        "raw": cell.get("raw"),
        "note": plain(cell.get("note")),
        "start": start,
        "end": end,
        **result.gold.groups,
    }


# --------------------------------------------------------------------------- metadata and sections


def _metadata(result: DocumentResult, answers: dict[str, Any], reports: Rows, sections: Rows) -> None:
    counts = result.counts
    if answers.get("meta") and reports:
        for name in ("year", "form"):
            have, want = plain(reports[0].get(name)), answers["meta"].get(name)
            right = have == want or (name == "year" and same_number(have, want))
            counts[f"meta_{name}_n"] += 1
            counts[f"meta_{name}_right"] += right
            if not right:
                result.other.append({"what": name, "gold": want, "predicted": have})
    for section in answers.get("sections") or []:
        if section.get("start") is None:
            continue
        ours = [at[0] for p in sections if p.get("section") == section["id"] and (at := span(p))]
        right = any(abs(start - section["start"]) <= _HEADING_SLACK for start in ours)
        counts["sections_n"] += 1
        counts["sections_right"] += right
        if not right:
            at = (section["start"], section.get("end"))
            result.other.append(
                {"what": f"section {section['id']}", "gold": at[0], "predicted": ours or None, "at": at}
            )
