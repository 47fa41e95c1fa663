"""Numbers for a report's tables: mostly zeros with heavy tails, and every sum of the form holds."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from gia_nlp.synthesis.seeds import chance, tail
from gia_nlp.vocabulary.forms import outcome_rows, proactive_form, requests_form, review_form, statistics_form

#: How busy an agency of each level is: the median of its applications.
SCALE = {"国家": 300.0, "省": 90.0, "市": 30.0, "县": 8.0, "乡街": 1.5}

#: How often each outcome is met, the common ones first; all others share the rest.
_WEIGHTS = {
    "granted": 40.0, "partly_granted": 8.0, "unavailable.not_held": 22.0, "unavailable.must_be_created": 3.0,
    "not_processed.petition": 4.0, "not_processed.repeated": 2.0, "other.other": 4.0, "other": 5.0,
    "refused.third_party": 2.0, "refused.internal_affairs": 2.0, "refused.administrative_query": 2.0,
}  # fmt: skip


@dataclass
class Numbers:
    """What a report's tables say, as printed without any ornament: ``{"requests": {"received.total": "3"}}``.

    ``contradictions`` are cells that a report misprints, so that sums fail; a layout may leave them out.
    """

    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    contradictions: dict[str, dict[str, str]] = field(default_factory=dict)

    def get(self, table: str, key: str) -> int:
        """A whole number of a table, 0 where it has none."""
        return int(float(self.tables.get(table, {}).get(key) or 0))


def _spread(rng: random.Random, total: int, weights: list[float]) -> list[int]:
    """A total dealt over places by weights that are themselves drawn, so that few places get most."""
    drawn = [w * rng.gammavariate(0.35, 1.0) for w in weights]
    out = [0] * len(weights)
    for i in rng.choices(range(len(weights)), drawn, k=min(total, 2000)):
        out[i] += 1
    if total > 2000:
        out[drawn.index(max(drawn))] += total - 2000
    return out


def requests(rng: random.Random, form: str, scale: float, before: dict[str, str] | None = None) -> dict[str, str]:
    """Table ``requests``: applicants sum to the total, 新收 + 结转 = 办理 + 结转下年度 in every column.

    With last year's table, what it carries out is what this one carries in.
    """
    outcomes = outcome_rows(form)
    columns = [c.id for c in requests_form(form).columns if c.id != "total"]
    cells: dict[str, int] = {}
    quiet = chance(rng, 0.55 if scale < 10 else 0.1)
    for i, column in enumerate(columns):
        rare = 0.0 if quiet and i else (0.1, 0.45, 0.93, 0.93, 0.85, 0.8)[i]
        received = (
            0 if quiet and (i or chance(rng, 0.6)) else tail(rng, scale * (1, 0.25, 0.03, 0.03, 0.1, 0.1)[i], zero=rare)
        )
        carried_in = tail(rng, max(1.0, received * 0.06), zero=0.75 if received else 1.0, spread=0.8)
        if before is not None:
            carried_in = int(before[f"carried_out.{column}"])
        carried_out = tail(rng, max(1.0, received * 0.06), zero=0.75, spread=0.8) if received else 0
        carried_out = min(carried_out, received + carried_in)
        processed = received + carried_in - carried_out
        cells |= {f"received.{column}": received, f"carried_in.{column}": carried_in}
        dealt = _spread(rng, processed, [_WEIGHTS.get(o, 0.7) for o in outcomes])
        cells |= {f"{o}.{column}": n for o, n in zip(outcomes, dealt, strict=True)}
        cells |= {f"processed.{column}": processed, f"carried_out.{column}": carried_out}
    for row in requests_form(form).rows:
        cells[f"{row.id}.total"] = sum(cells[f"{row.id}.{c}"] for c in columns)
    return {k: str(cells[k]) for k in (f"{r.id}.{c}" for r in requests_form(form).rows for c in (*columns, "total"))}


def review_litigation(rng: random.Random, requests_total: int) -> dict[str, str]:
    """Table ``review_litigation``: the four outcomes of a block sum to its total."""
    cells: dict[str, str] = {}
    for row in review_form("2021").rows:
        total = tail(rng, max(1.0, requests_total * 0.05), zero=0.55 if requests_total > 8 else 0.88, spread=0.9)
        parts = _spread(rng, total, [5.0, 1.0, 2.0, 1.5])
        names = [c.id for c in review_form("2021").columns]
        cells |= {f"{row.id}.{c}": str(n) for c, n in zip(names, [*parts, total], strict=True)}
    return cells


def _amount(rng: random.Random, median: float) -> str:
    """Money in 万元, with none to six decimals."""
    value = median * rng.lognormvariate(0, 1.6)
    text = f"{value:.{rng.choice((0, 1, 2, 2, 2, 4, 4, 6))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def proactive(
    rng: random.Random, form: str, scale: float, level: str, before: dict[str, str] | None = None
) -> dict[str, str]:
    """Table ``proactive`` of "2021" or "2019"; 增减 can be negative, fees have decimals.

    With last year's table of 2021, 现行有效 goes on from it: what was in force, and issued, and not repealed.
    """
    rules = 0.4 if level in ("国家", "省") else 0.85 if level == "市" else 0.97
    cells: dict[str, str] = {}
    for row, columns in proactive_form(form).cells.items():
        if row in ("regulations", "normative_documents"):
            zero = rules if row == "regulations" else 0.45
            made = tail(rng, max(1.0, scale * 0.15), zero=zero)
            if form == "2021":
                repealed = tail(rng, max(1.0, scale * 0.08), zero=max(zero, 0.7))
                numbers = [made, repealed, made + tail(rng, max(1.0, scale * 0.5), zero=zero)]
                if before and f"{row}.in_force" in before:
                    there = int(before[f"{row}.in_force"])
                    numbers[1:] = [min(repealed, there), there + made - min(repealed, there)]
            else:
                numbers = [made, made, made + tail(rng, max(1.0, scale * 0.5), zero=zero)]
            cells |= {f"{row}.{c}": str(n) for c, n in zip(columns, numbers, strict=True)}
            continue
        quiet = chance(rng, 0.6 if level == "乡街" else 0.35 if row in ("licensing", "punishment") else 0.65)
        for column in columns:
            if column == "amount":
                cells[f"{row}.{column}"] = "0" if quiet else _amount(rng, scale * 4)
            elif column == "change":
                step = 0 if quiet or chance(rng, 0.5) else tail(rng, 3) * rng.choice((1, 1, -1))
                cells[f"{row}.{column}"] = str(step)
            elif column == "decisions":
                cells[f"{row}.{column}"] = str(0 if quiet else tail(rng, scale * 30, spread=1.5))
            else:
                cells[f"{row}.{column}"] = str(0 if quiet else tail(rng, 12))
    return cells


_MEDIANS = {
    "published": 40.0,
    "staff": 2.0,
    "funds": 1.0,
    "training_attendance": 40.0,
    "units_dedicated": 0.4,
    "reading_points": 1.0,
}


def statistics(
    rng: random.Random, rows: list[str], scale: float, cumulative: bool, before: dict[str, str] | None = None
) -> dict[str, str]:
    """The 统计表 with the given indicators: parts sum to wholes; 历年累计 never falls short of the year.

    With last year's table, 历年累计 goes on from it.
    """
    form = statistics_form()
    parts = {p: s for s in form.sums for p in s.parts}
    columns: dict[str, dict[str, int]] = {"year": {}, "cumulative": {}}
    for column, values in columns.items():
        factor = 1.0 if column == "year" else 4.0
        for row in rows:
            indicator = form.indicator(row)
            if row in parts or indicator is None or (indicator.part_of and indicator.part_of in rows):
                continue
            base = _MEDIANS.get(row, 1.0) * (scale if row == "published" else max(1.0, scale / 8)) * factor
            zero = {
                "published": 0.02,
                "staff": 0.05,
                "applications_received": 0.35,
                "answers": 1.0,
                "applications_closed": 1.0,
            }
            values[row] = tail(rng, base, zero=zero.get(row, 0.6))
        received = values.get("applications_received", 0)
        for name in ("answers", "applications_closed"):
            if name in rows:
                values[name] = received
        for total in form.sums:  # wholes stand before their parts in the form, refusal grounds behind answers_refused
            printed = [p for p in total.parts if p in rows]
            if total.whole in rows and printed:
                dealt = _spread(rng, values[total.whole], [3.0 / (i + 1) for i in range(len(printed))])
                values.update(zip(printed, dealt, strict=True))
        for row in rows:
            if row not in values:
                indicator = form.indicator(row)
                whole = values.get(indicator.part_of or "", 0) if indicator else 0
                values[row] = rng.randint(0, whole) if chance(rng, 0.5) else 0
    if not cumulative:
        return {f"{row}.year": _decimal(row, columns["year"][row]) for row in rows}
    out: dict[str, str] = {}
    for row in rows:
        year, past = columns["year"][row], columns["cumulative"][row]
        if before and f"{row}.cumulative" in before:
            past = int(before[f"{row}.cumulative"])
        out |= {f"{row}.year": str(year), f"{row}.cumulative": str(year + past)}
    return out


def _decimal(row: str, value: int) -> str:
    return f"{value / 2:.1f}" if row in ("funds", "fees_collected") and value % 2 else str(value)


def misprints(rng: random.Random, tables: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """One to three cells of the summed tables put wrong, as careless reports do."""
    out: dict[str, dict[str, str]] = {}
    for _ in range(rng.randint(1, 3)):
        table = rng.choice([t for t in ("requests", "requests", "review_litigation") if t in tables] or ["none"])
        if table == "none":
            break
        key = rng.choice(
            [k for k in tables[table] if k.endswith(".total") or tables[table][k] != "0" or chance(rng, 0.1)]
        )
        out.setdefault(table, {})[key] = str(int(tables[table][key]) + rng.choice((1, 1, 2, 10)))
    return out
