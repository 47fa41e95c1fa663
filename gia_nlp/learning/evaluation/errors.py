"""What went wrong, each case in its context with offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gia_nlp.frames.export import number_text
from gia_nlp.learning.evaluation.counting import DocumentResult

if TYPE_CHECKING:
    import pandas as pd

CONTEXT = 60
COLUMNS = [
    "document", "report_id", "what", "outcome", "label", "gold", "predicted", "start", "end",
    "before", "quote", "after", "section", "rule_id", "decided_by", "score",
]  # fmt: skip
Row = dict[str, Any]


def error_table(results: list[DocumentResult]) -> pd.DataFrame:
    """A row an error, by document and place.

    Columns: document, report_id; ``what`` (fact, item, link, cell, answer, document, year, form, section …); ``outcome`` (``missed``,
    ``invented``, ``wrong channel``, ``wrong categories``, ``silent``, …); ``label`` (indicator, kind, cell); ``gold`` and ``predicted`` (what each says);
    ``start``, ``end`` (code points of the report's text), ``before``, ``quote``, ``after`` (the text there); section, rule_id, decided_by, score.
    """
    import pandas as pd

    rows = [row for result in results for row in _of_document(result)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"start": "Int64", "end": "Int64"})


def _of_document(result: DocumentResult) -> list[Row]:
    rows: list[Row] = []
    for fact in result.facts:
        rows += _of_fact(result, fact)
    for item in result.items:
        rows += _of_item(result, item)
    for link in result.links:
        if link["outcome"] != "right":
            side = "gold" if link["outcome"] == "missed" else "predicted"
            rows.append(_error(result, link, "link", link["outcome"], "remedy of a problem", **{side: link["remedy"]}, quote=link["problem"]))  # fmt: skip
    for cell in result.cells:
        if cell["outcome"] not in ("right", "left open"):
            predicted = _number(cell["value"]) or cell["kind"]
            note = f" ({cell['note']})" if cell["note"] else ""
            rows.append(_error(result, cell, "cell", cell["outcome"], f"{cell['table']} {cell['cell']}",
                               gold=_number(cell["gold"]), predicted=f"{predicted or 'no cell'}{note}", quote=cell["raw"]))  # fmt: skip
    for answer in result.answers:
        if not answer["right"]:
            outcome = "missed" if answer["predicted"] is None else "invented" if answer["gold"] is None else "wrong"
            both = {"gold": _number(answer["gold"]), "predicted": _number(answer["predicted"])}
            rows.append(_error(result, answer, "answer", outcome, answer["indicator"], **both))
    for other in result.other:
        start, end = other.get("at") or (None, None)
        both = {side: None if other[side] is None else str(other[side]) for side in ("gold", "predicted")}
        rows.append(_error(result, {"start": start, "end": end}, other["what"], "wrong" if both["predicted"] else "missed", other["what"], **both))  # fmt: skip
    rows.sort(key=lambda r: (r["start"] is None, r["start"] or 0, r["what"], r["outcome"]))
    return rows


def _of_fact(result: DocumentResult, fact: Row) -> list[Row]:
    label = fact["indicator"]
    if fact["outcome"] == "missed":
        place = fact | {"start": fact["gold_start"], "end": fact["gold_end"]}
        said = _count(fact, "gold_")
        return [_error(result, place, "fact", "missed", label, gold=said, predicted=fact["beside"])]
    if fact["outcome"] == "invented":
        return [_error(result, fact, "fact", "invented", label, gold=fact["beside"], predicted=_count(fact, ""))]
    return [
        _error(
            result, fact, "fact", f"wrong {name}", label, gold=_said(fact[f"gold_{name}"]), predicted=_said(fact[name])
        )
        for name in fact["wrong"]
    ]


def _count(fact: Row, side: str) -> str:
    parts = [_number(fact["value"]) or "", fact.get(f"{side}unit") or "", fact.get(f"{side}period") or ""]
    parts += [str(fact.get(f"{side}{name}") or "") for name in ("channel", "topic", "change")]
    return " ".join(p for p in parts if p and p not in ("all", "current"))


def _of_item(result: DocumentResult, item: Row) -> list[Row]:
    label = item["kind"]
    if item["outcome"] == "missed":
        place = item | {"start": item["gold_start"], "end": item["gold_end"], "quote": item["gold_quote"]}
        return [_error(result, place, "item", "missed", label, gold=_item(item, "gold_"))]
    if item["outcome"] == "invented":
        return [_error(result, item, "item", "invented", label, predicted=_item(item, ""))]
    rows = []
    if item["gold_status"] != item["status"]:
        rows.append(_error(result, item, "item", "wrong status", label, gold=item["gold_status"], predicted=item["status"]))  # fmt: skip
    if set(item["gold_categories"]) != set(item["categories"]):
        both = {"gold": ", ".join(item["gold_categories"]), "predicted": ", ".join(sorted(item["categories"]))}
        rows.append(_error(result, item, "item", "wrong categories", label, **both))
    return rows


def _item(item: Row, side: str) -> str:
    return f"{item[f'{side}status'] or ''}: {', '.join(item[f'{side}categories'])}".strip(": ")


def _error(
    result: DocumentResult,
    row: Row,
    what: str,
    outcome: str,
    label: str,
    *,
    gold: str | None = None,
    predicted: str | None = None,
    quote: str | None = None,
) -> Row:
    start, end = row.get("start"), row.get("end")
    words = quote if quote is not None else row.get("quote")
    before = after = None
    text = result.text
    if text is not None and start is not None and end is not None:
        words = text[start:end]
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return {
        "document": result.gold.name,
        "report_id": result.report_id,
        "what": what,
        "outcome": outcome,
        "label": label,
        "gold": gold or None,
        "predicted": predicted or None,
        "start": start,
        "end": end,
        "before": before,
        "quote": words,
        "after": after,
        "section": row.get("section"),
        "rule_id": row.get("rule_id"),
        "decided_by": row.get("decided_by"),
        "score": row.get("score"),
    }


def _number(value: float | None) -> str | None:
    return None if value is None else number_text(value)


def _said(value: Any) -> str:
    if value is None:
        return "none"
    return number_text(value) if isinstance(value, (int, float)) else str(value)
