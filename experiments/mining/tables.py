"""Output tables of invented reports, made directly and fast: what `gia-nlp tag` would write, with a panel's truth in them.

Agencies report on :data:`YEARS` years; categories follow a Markov chain, sentences are kept from the year before, some agencies copy
the section on problems of another, places have templates, promises are kept, some numbers contradict the tables. The words are
drawn from invented two-syllable words, so that nothing but the problems reads as Chinese.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gia_nlp.frames.schema import arrow_schema, tables
from gia_nlp.vocabulary.business import business
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.forms import form
from gia_nlp.vocabulary.panel import main_cells

YEARS = 8
FIRST_YEAR = 2016
PLACE = 10  # agencies of one place
TRUTH = {
    "named_again": 0.6, "begun": 0.09, "answered": 0.85, "kept": 0.45, "same_words": 0.7, "sentence_kept": 0.5,
    "copier": 0.1, "template_place": 0.3, "in_template": 0.8, "contradiction": 0.05, "leftover": 0.004, "sentences": 55,
    "other_raises_applications": 0.3,
}  # fmt: skip
OFFICES = [
    "民政局",
    "水利局",
    "农业农村局",
    "信访局",
    "审计局",
    "教育体育局",
    "统计局",
    "应急管理局",
    "人民政府",
    "税务局",
]
KINDS = ["民政", "水利", "农业农村", "信访", "审计", "教育", "统计", "应急管理", "人民政府", "税务"]
_TERMS = list(business().kinds)
_BATCH = 8000


def write_tables(out: Path, reports: int, seed: int = 1) -> dict[str, Any]:
    """Writes the tables of so many reports into a folder, as directories of parts; returns the truth."""
    rng = np.random.default_rng(seed)
    agencies = -(-reports // YEARS)
    words = Words(rng)
    world = World(rng, agencies)
    for name in tables():
        (out / f"{name}.parquet").mkdir(parents=True, exist_ok=True)
    step = _BATCH // YEARS
    for part, start in enumerate(range(0, agencies, step)):
        rows = Rows(world, words, rng)
        for agency in range(start, min(agencies, start + step)):
            rows.agency(agency)
        rows.write(out, part)
    return {"reports": agencies * YEARS, **TRUTH}


class Words:
    """Pools of invented sentences and of points by category."""

    def __init__(self, rng: np.random.Generator) -> None:
        han = [chr(c) for c in rng.choice(np.arange(0x4E00, 0x9F00), 1500, replace=False)]
        pairs = np.array([a + b for a, b in zip(rng.choice(han, 6000), rng.choice(han, 6000), strict=True)])
        weights = 1 / np.arange(1, 6001) ** 0.7
        weights /= weights.sum()
        self.sentences = self._lines(rng, pairs, weights, 120_000, 8, 18)
        self.problems = {c: self._lines(rng, pairs, weights, 1500, 4, 9) for c in categories()}
        self.remedies = {c: self._lines(rng, pairs, weights, 1500, 4, 11) for c in categories()}
        other = ["会议材料准备", "办公用房调整", "档案库房搬迁", "车辆调度安排", "印章使用登记"]
        self.problems["other"] = [other[i % 5] + x for i, x in enumerate(self.problems["other"])]

    @staticmethod
    def _lines(rng: np.random.Generator, pairs: Any, weights: Any, count: int, low: int, high: int) -> list[str]:
        lengths = rng.integers(low, high, count)
        drawn = rng.choice(pairs, int(lengths.sum()), p=weights)
        ends = np.cumsum(lengths)
        return ["".join(drawn[e - n : e]) for e, n in zip(ends, lengths, strict=True)]


class World:
    """What holds for every agency: its chain of categories, its source, its place."""

    def __init__(self, rng: np.random.Generator, agencies: int) -> None:
        t = TRUTH
        stay = t["begun"] / (1 - t["named_again"] + t["begun"])
        named = np.zeros((agencies, YEARS, len(categories())), dtype=bool)
        named[:, 0] = rng.random(named[:, 0].shape) < stay
        for year in range(1, YEARS):
            chance = np.where(named[:, year - 1], t["named_again"], t["begun"])
            named[:, year] = rng.random(chance.shape) < chance
        index = np.arange(agencies)
        self.source = np.where((rng.random(agencies) < t["copier"]) & (index % PLACE > 0), index - index % PLACE, -1)
        self.named = np.where((self.source >= 0)[:, None, None], named[np.maximum(self.source, 0)], named)
        places = -(-agencies // PLACE)
        template = rng.random(places) < t["template_place"]
        self.template = np.where(
            template[index // PLACE] & (rng.random(agencies) < t["in_template"]), index // PLACE, -1
        )
        first = [chr(c) for c in range(0x5200, 0x5200 + 140)]
        self.places = [first[p % 140] + first[(p // 140 * 7 + p) % 140] + "县" for p in range(places)]


class Rows:
    """Collects the rows of some agencies."""

    def __init__(self, world: World, words: Words, rng: np.random.Generator) -> None:
        self.world, self.words, self.rng = world, words, rng
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tables()}
        self.cells: list[np.ndarray[Any, Any]] = []
        self.points: dict[int, list[dict[str, Any]]] = {}

    def agency(self, a: int) -> None:
        """All reports of an agency."""
        rng, words, t = self.rng, self.words, TRUTH
        slots = t["sentences"]
        chosen = rng.integers(0, len(words.sentences), slots)
        if self.world.template[a] >= 0:
            template = np.random.default_rng(int(self.world.template[a])).integers(0, len(words.sentences), slots)
            chosen = np.where(rng.random(slots) < 0.5, template, chosen)
        points = self._points(a)
        for year in range(YEARS):
            if year:
                fresh = rng.integers(0, len(words.sentences), slots)
                chosen = np.where(rng.random(slots) < t["sentence_kept"], chosen, fresh)
            self._report(a, year, chosen, points[year])

    def _points(self, a: int) -> list[dict[str, Any]]:
        """Problems, planned and done remedies of each year; a copier says what its source says."""
        source = int(self.world.source[a])
        if source in self.points:
            return self.points[source]
        rng, t, words = self.rng, TRUTH, self.words
        out: list[dict[str, Any]] = []
        last: dict[str, Any] = {"problems": {}, "planned": {}}
        for year in range(YEARS):
            problems, planned, done = {}, {}, {}
            for i, c in enumerate(categories()):
                if c in last["planned"] and rng.random() < t["kept"]:
                    same = rng.random() < t["same_words"]
                    done[c] = last["planned"][c] if same else words.remedies[c][rng.integers(1500)]
                if self.world.named[a, year, i]:
                    keep = c in last["problems"] and rng.random() < t["sentence_kept"]
                    problems[c] = last["problems"][c] if keep else words.problems[c][rng.integers(1500)]
                    if rng.random() < t["answered"]:
                        planned[c] = words.remedies[c][rng.integers(1500)]
            last = {"problems": problems, "planned": planned, "done": done}
            out.append(last)
        if a % PLACE == 0:
            self.points[a] = out
        return out

    def _report(self, a: int, year: int, chosen: Any, points: dict[str, Any]) -> None:
        rng, t = self.rng, TRUTH
        report = f"r/{a:06d}/{FIRST_YEAR + year}.txt"
        place, office = self.world.places[a // PLACE], a % PLACE
        raised = t["other_raises_applications"] if "other" in points["problems"] else 0.0
        received = int(rng.lognormal(2 + raised, 1.2))
        wrong = rng.random() < t["contradiction"]
        said = received + 3 if wrong else received
        numbers = rng.integers(1, 900, len(chosen))
        body = [
            f"{self.words.sentences[s]}{n}件。" if s % 3 else f"{self.words.sentences[s]}。"
            for s, n in zip(chosen, numbers, strict=True)
        ]
        title = f"{place}{OFFICES[office]}{FIRST_YEAR + year}年政府信息公开工作年度报告\n一、总体情况\n"
        half = len(body) // 2
        counted = f"全年共收到政府信息公开申请{said}件。"
        start = len(title) + sum(map(len, body[:half])) + len(counted) - len(str(said)) - 2
        overview = "".join(body[:half]) + counted + "".join(body[half:]) + "\n"
        table = (
            "三、收到和处理政府信息公开申请情况\n"
            + f"新收\t{received}\t0\t0\t0\t0\t0\t{received}\n"
            + "某项\t0\t0\t0\t0\t0\t0\t0\n" * 24
        )
        head = "五、存在的主要问题及改进情况\n"
        at = len(title) + len(overview) + len(table)
        section, items = self._section(report, points, at + len(head), head)
        text = title + overview + table + section + "六、其他需要报告的事项\n无。\n"
        cell_at = len(title) + len(overview) + len("三、收到和处理政府信息公开申请情况\n新收\t")
        agency = f"{place}:{KINDS[office]}"
        row: dict[str, Any] = {
            "report_id": report, "path": report, "format": "text", "sha256": None, "title": None, "issuer": place + OFFICES[office], "region": place,
            "adcode": None, "level": "县", "agency_kind": KINDS[office], "year": FIRST_YEAR + year, "published_on": None, "form": "2021",
            "is_report": True, "none_reported": not items, "characters": len(text), "language_note": None, "pipeline_version": "invented",
            "agency_id": agency,
        }  # fmt: skip
        self.rows["reports"].append(row)
        self.rows["items"] += items
        self.rows["texts"].append({"report_id": report, "text": text, "text_sha256": ""})
        bounds = [("overview", "一、总体情况", title.index("一、"), len(title) + len(overview)), ("requests", "三、", len(title) + len(overview), at),
                  ("problems", head.strip(), at, at + len(section)), ("other", "六、", at + len(section), len(text))]  # fmt: skip
        self.rows["sections"] += [
            {"report_id": report, "section": s, "heading": h, "start_char": b, "end_char": e} for s, h, b, e in bounds
        ]
        quote = f"{said}件"
        fact = {
            "report_id": report, "fact_id": f"{report}#f1", "indicator": "requests_received", "value": float(said), "value_max": None, "bound": "exact",
            "unit": "件", "channel": "all", "period": "current", "topic": None, "change_value": None, "change_unit": None, "change_direction": None,
            "section": "overview", "start_char": start, "end_char": start + len(quote), "quote": quote, "decided_by": "rule", "rule_id": None, "score": 1.0,
        }  # fmt: skip
        self.rows["facts"].append(fact)
        for k in range(9):
            self.rows["facts"].append(
                {**fact, "fact_id": f"{report}#f{k + 2}", "indicator": "meetings", "value": float(k), "topic": "某类"}
            )
        check = {"report_id": report, "other_report_id": None, "note": None}
        self.rows["checks"].append({
            **check, "rule": "prose.requests_received", "scope": "received.total", "left_value": float(said), "right_value": float(received),
            "difference": float(said - received), "status": "fails" if wrong else "holds", "note": f"prose “{quote}” at {start}",
        })  # fmt: skip
        for k in range(35):
            bad = k == 0 and rng.random() < 0.03
            self.rows["checks"].append({
                **check, "rule": "requests.row_total", "scope": f"row{k}", "left_value": 1.0, "right_value": 1.0 - bad, "difference": float(bad),
                "status": "fails" if bad else "holds",
            })  # fmt: skip
        values = np.minimum(rng.poisson(0.3, 200), 9).astype(float)
        self.cells.append(values)
        panel = {k: row[k] for k in ("report_id", "title", "issuer", "region", "adcode", "level", "agency_kind", "year", "published_on", "form",
                                     "is_report", "none_reported", "agency_id")}  # fmt: skip
        known = bool(items) or row["none_reported"]
        for c in categories():
            panel[f"problem_{c}"] = c in points["problems"] if known else None
            panel[f"remedy_{c}"] = (c in points["planned"] or c in points["done"]) if known else None
        panel["checks_failed"] = int(wrong)
        panel["answer_requests_received"], panel["answer_requests_received_fact_id"] = float(said), f"{report}#f1"
        for cell in main_cells().values():
            if cell.table in ("requests", "review_litigation") or (
                cell.table == "proactive" and cell.column in ("issued", "decisions", "in_force")
            ):
                panel[f"cell_{cell.name}"] = float(values[len(panel) % 200])
        panel["cell_requests_received_total"] = float(received)
        self.rows["panel"].append(panel)
        row["_cell_at"] = cell_at
        row["_received"] = received

    def _section(self, report: str, points: dict[str, Any], at: int, head: str) -> tuple[str, list[dict[str, Any]]]:
        """The text of the section on problems with its items."""
        parts: list[str] = [head]
        items: list[dict[str, Any]] = []
        by_category: dict[str, dict[str, Any]] = {}

        def add(text: str, item: tuple[str, str, list[str]] | None = None) -> None:
            nonlocal at
            if item:
                kind, status, found = item
                items.append({
                    "report_id": report, "item_id": f"{report}#i{len(items) + 1}", "kind": kind, "status": status, "start_char": at, "end_char": at + len(text),
                    "quote": text, "categories": found, "category_scores": [1.0] * len(found), "remedies": [], "decided_by": "rule", "score": 1.0,
                })  # fmt: skip
            parts.append(text)
            at += len(text)

        if points["done"]:
            add("本年度改进情况：")
            for i, (c, text) in enumerate(points["done"].items()):
                add(f"{'一二三四五六七八九十'[i % 10]}是")
                add(text, ("remedy", "done", [c]))
                add("；")
            add("\n")
        for i, (c, text) in enumerate(points["problems"].items()):
            add(f"（{'一二三四五六七八九十'[i % 10]}）")
            add(text, ("problem", "current", [c]))
            by_category[c] = items[-1]
            add("。\n")
        extra = self.rng.random() < TRUTH["leftover"]
        for i, (c, text) in enumerate(
            [
                *points["planned"].items(),
                *(
                    [("coverage", f"补充公开{_TERMS[self.rng.integers(len(_TERMS))]}信息")]
                    if extra and points["planned"]
                    else []
                ),
            ]
        ):
            add(f"{i + 1}.")
            add(text, ("remedy", "planned", [c]))
            if c in by_category:
                by_category[c]["remedies"] = [*by_category[c]["remedies"], items[-1]["item_id"]]
            add("。\n")
        if not items:
            add("无。\n")
        return "".join(parts), items

    def write(self, out: Path, part: int) -> None:
        """Writes the rows as a part of every table."""
        reports = self.rows["reports"]
        for name, table in tables().items():
            schema = arrow_schema(table)
            data = self._cell_table(schema, reports) if name == "cells" else _table(schema, self.rows[name])
            pq.write_table(data, out / f"{name}.parquet" / f"part-{part:05d}.parquet", compression="zstd")

    def _cell_table(self, schema: pa.Schema, reports: list[dict[str, Any]]) -> pa.Table:
        keys = [(t, r, c) for t in ("proactive", "requests", "review_litigation") for r, c in form(t, "2021").keys]
        n, many = len(reports), len(keys)
        values = np.stack([np.resize(v, many) for v in self.cells])
        place = keys.index(("requests", "received", "total"))
        values[:, place] = [r["_received"] for r in reports]
        starts = np.zeros((n, many), dtype=np.int64) + np.array([r["_cell_at"] for r in reports])[:, None]
        raw = np.char.mod("%d", values.ravel().astype(int)).tolist()
        columns = {
            "report_id": np.repeat(np.array([r["report_id"] for r in reports], dtype=object), many), "form": pa.array(["2021"] * (n * many)),
            "form_table": [k[0] for k in keys] * n, "form_row": [k[1] for k in keys] * n, "form_column": [k[2] for k in keys] * n,
            "value": values.ravel(), "unit": pa.nulls(n * many, pa.string()), "kind": np.where(values.ravel() > 0, "number", "zero").astype(object), "raw": raw,
            "note": pa.nulls(n * many, pa.string()), "start_char": starts.ravel(), "end_char": starts.ravel() + np.array([len(x) for x in raw]),
        }  # fmt: skip
        return pa.table({f.name: pa.array(columns[f.name], type=f.type) for f in schema}, schema=schema)


def _table(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({f.name: pa.array([r.get(f.name) for r in rows], type=f.type) for f in schema}, schema=schema)
