"""What the studies share: data by split, models trained as ``models/configs`` says, pipelines of them, scores as rows.

Who is measured on ``dev`` was trained on ``train`` alone; who is measured on ``test``, on ``train`` and ``dev``. Of ``test`` only totals are made.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gia_nlp.learning import categories, items
from gia_nlp.learning.config import read_config
from gia_nlp.learning.evaluation import Evaluation, GoldDocument, evaluate, predict, read_gold
from gia_nlp.learning.evaluation.results import Result, write_results
from gia_nlp.learning.fact_settings import FactSettings
from gia_nlp.learning.splits import read_annotated
from gia_nlp.pipeline import build

if TYPE_CHECKING:
    from spacy.language import Language

    from gia_nlp.facts.model import FactModel
    from gia_nlp.problems.models import ItemModels

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = ROOT / "models" / "configs"
ANNOTATED = ROOT / "data" / "annotated"
FILES = {"facts": ANNOTATED / "passages.jsonl", "problems": ANNOTATED / "problems" / "problems.jsonl"}
DATA = {"facts": "annotated/passages", "problems": "annotated/problems"}
TRAINED_ON = {"dev": ("train",), "test": ("train", "dev")}
UNSEEN = "dev, unseen styles"
RULES, MODELS = "zh_gia_rules", "zh_gia"
SMALLEST_P = 0.0001


# --------------------------------------------------------------------------- data


def unseen_styles(kind: str) -> frozenset[str]:
    """The styles of ``facts`` or ``problems`` that were written when the rules were done."""
    lines = (ANNOTATED / "NEW_STYLES.txt").read_text(encoding="utf-8").split()
    return frozenset(line.removeprefix(f"{kind}/") for line in lines if line.startswith(f"{kind}/"))


def gold_of(kind: str, split: str) -> list[GoldDocument]:
    """The gold passages of ``dev``, ``test`` or ``dev, unseen styles``."""
    found = read_gold(FILES[kind], split=split.partition(",")[0])
    return found if split != UNSEEN else [g for g in found if g.groups["style"] in unseen_styles(kind)]


def only(whole: Evaluation, gold: Sequence[GoldDocument]) -> Evaluation:
    """What an evaluation says of some of its documents."""
    names = {g.name for g in gold}
    chosen = [r for r in whole.results if r.gold.name in names]
    return Evaluation(chosen, resamples=whole.resamples, seed=whole.seed)


# --------------------------------------------------------------------------- training


def fact_settings(splits: Sequence[str], **fit: Any) -> FactSettings:
    """The settings of ``models/configs/facts.cfg`` for some splits, with other settings of the fit."""
    settings = read_config(CONFIGS / "facts.cfg", FactSettings)
    return replace(settings, data=replace(settings.data, splits=tuple(splits)), fit=replace(settings.fit, **fit))


def item_settings(splits: Sequence[str]) -> items.ItemSettings:
    """The settings of ``models/configs/items.cfg`` for some splits."""
    settings = read_config(CONFIGS / "items.cfg", items.ItemSettings)
    return replace(settings, data=replace(settings.data, splits=tuple(splits)))


def category_settings(splits: Sequence[str], **fit: Any) -> categories.CategorySettings:
    """The settings of ``models/configs/categories.cfg`` for some splits, with other settings of the fit."""
    settings = read_config(CONFIGS / "categories.cfg", categories.CategorySettings)
    return replace(settings, data=replace(settings.data, splits=tuple(splits)), fit=replace(settings.fit, **fit))


def train_facts(splits: Sequence[str], **fit: Any) -> FactModel:
    """The model of facts of some splits."""
    from gia_nlp.learning.facts import fit_facts

    return fit_facts(fact_settings(splits, **fit)).model


def train_items(splits: Sequence[str]) -> ItemModels:
    """The models of boundaries, pairs and categories of some splits."""
    settings = item_settings(splits)
    rows = read_annotated(settings.data.path, settings.data.splits)
    models, _ = items.fit_items(items.prepare(rows), settings)
    return replace(models, categories=train_categories(splits))


def train_categories(splits: Sequence[str], **fit: Any) -> Any:
    """The model of categories of some splits."""
    settings = category_settings(splits, **fit)
    points = categories.examples(read_annotated(settings.data.path, settings.data.splits))
    return categories.fit_categories(points, settings)[0]


def pipeline(facts: FactModel | None = None, points: ItemModels | None = None) -> Language:
    """The pipeline with these models, or the rules alone."""
    return build(facts=facts, items=points)


# --------------------------------------------------------------------------- scores


def in_parts(folder: Path, function: Callable[..., Scores], arguments: Sequence[tuple[str, ...]], wanted: Sequence[str]) -> Scores:  # fmt: skip
    """The parts of a study, such as ``facts-dev``: those wanted are measured anew, the others taken from ``results/<part>.json``.

    So parts can be measured in processes of their own, and one alone again. A part that is neither wanted nor there is left out.
    """
    parts = []
    for given in arguments:
        name = "-".join(given)
        if name in wanted or not wanted:
            function(*given).keep(name)
        parts.append(name)
    whole = Scores(folder)
    for name in parts:
        path = folder / "results" / f"{name}.json"
        if path.is_file():
            content = json.loads(path.read_text(encoding="utf-8"))
            whole.rows += [Result(**row) for row in content["rows"]]
            whole.lines += content["lines"]
    return whole


@dataclass
class Scores:
    """The rows of a study's results, and the lines of its page."""

    folder: Path
    rows: list[Result] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add(self, found: Evaluation, *, system: str, kind: str, split: str, seconds: float | None, measures: Iterable[str]) -> None:  # fmt: skip
        """Keeps some measures of an evaluation."""
        self.rows += found.results_rows(system=system, data=DATA[kind], split=split, seconds=seconds, only=measures)

    def table(self, head: Sequence[str], body: Iterable[Sequence[str]]) -> None:
        """A table of the page."""
        self.lines += ["", "| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
        self.lines += ["| " + " | ".join(row) + " |" for row in body]

    def keep(self, part: str) -> None:
        """Writes the rows and lines of a part of the study."""
        content = {"rows": [asdict(row) for row in self.rows], "lines": self.lines}
        path = self.folder / "results" / f"{part}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def write(self, *, question: str, title: str) -> None:
        """Writes ``results.json`` and ``results/results.md``."""
        study = self.folder.name
        page = self.folder / "results" / "results.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text("\n".join([f"# {title}", *self.lines, ""]), encoding="utf-8")
        write_results(self.folder, study=study, question=question, command=f"python experiments/{study}/run.py", rows=self.rows)  # fmt: skip
        print(page.read_text(encoding="utf-8"))

    def csv(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Writes a table of its own below ``results``."""
        path = self.folder / "results" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(k for row in rows for k in row)), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def score(nlp: Language, gold: Sequence[GoldDocument]) -> tuple[Evaluation, float]:
    """What a pipeline does on some passages, and the CPU seconds of reading them."""
    begin = time.process_time()
    found = predict(gold, model=nlp)
    seconds = time.process_time() - begin
    return evaluate(gold, found), round(seconds, 2)


def compared(found: Evaluation, against: Evaluation) -> dict[str, dict[str, Any]]:
    """The paired comparison by measure, made once for the two."""
    key = "_compared"
    if getattr(found, key, (None,))[0] is not against:
        setattr(found, key, (against, {r["measure"]: r for r in found.compare(against).to_dict("records")}))
    told: dict[str, dict[str, Any]] = getattr(found, key)[1]
    return told


def shown(found: Evaluation, measure: str, against: Evaluation | None = None) -> str:
    """A measure with its interval, and the paired difference from another system with its p-value."""
    rows = {r["measure"]: r for r in found.measures.to_dict("records")}
    if measure not in rows:
        return ""
    row = rows[measure]
    text = f"{row['value']:.3f} ({row['low']:.3f}–{row['high']:.3f})"
    if against is None:
        return text
    beside = compared(found, against)[measure]
    return f"{text}; {beside['difference']:+.3f}, p {max(beside['p'], SMALLEST_P):.4f}"
