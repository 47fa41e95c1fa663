"""How far labelling functions alone carry a model, without a single annotated example.

    python experiments/weak_labels/run.py [--seed 0]

Counts: candidates (quantities) get the indicator that they count. Categories: annotated points get the categories that they state. In
both, labelling functions vote (`gia_nlp.learning.weak`), the votes are combined (the rules alone, majority, label model), and models
of words are trained on the combined labels and, for comparison, on gold labels of the same texts. All are measured on `dev` and `test`
styles. Of `test` only totals are computed. Writes ``results.json``, ``results.md`` and ``functions.csv`` beside this file.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gia_nlp.facts import find_facts
from gia_nlp.facts.features import quantity_features
from gia_nlp.facts.find import read_candidates, report_year
from gia_nlp.facts.model import FactModel
from gia_nlp.facts.period import find_period
from gia_nlp.learning import weak
from gia_nlp.learning.evaluation import Evaluation, GoldDocument, evaluate, read_gold
from gia_nlp.learning.evaluation.bootstrap import draws
from gia_nlp.learning.evaluation.measures import Counts, measure_table
from gia_nlp.learning.evaluation.report import write_csv
from gia_nlp.learning.evaluation.results import Result, write_results
from gia_nlp.learning.facts import Data, FactSettings, fit_facts
from gia_nlp.learning.fitting import fit_sigmoid, fit_softmax
from gia_nlp.learning.splits import read_annotated
from gia_nlp.pipeline import analyse_text
from gia_nlp.problems.category_features import category_row, is_cue
from gia_nlp.records import Report
from gia_nlp.vocabulary.facts import NO_FACT

HERE = Path(__file__).parent
ANNOTATED = HERE.parents[1] / "data" / "annotated"
PASSAGES, PROBLEMS = ANNOTATED / "passages.jsonl", ANNOTATED / "problems" / "problems.jsonl"
SPLITS = ("train", "dev", "test")
ANCHORS = (0.0, 1.0, 3.0, 10.0)  # of the label model; chosen on train
STRENGTH, CATEGORY_STRENGTH = 1.0, 3.0  # of the models of words, as in models/configs
LEAST = 0.5  # a weak label that is less likely teaches nothing
Answers = Sequence[frozenset[str]]
RESAMPLES = 1000


class Study:
    """Collects the rows of the results."""

    def __init__(self, seed: int) -> None:
        self.seed, self.rows, self.lines = seed, [], []  # type: ignore[var-annotated]

    def score(
        self,
        system: str,
        data: str,
        split: str,
        given: Answers,
        right: Answers,
        documents: Sequence[str],
        seconds: float,
        name: str,
    ) -> float:
        """F1 of labels over candidates or points, with a bootstrap interval over documents."""
        each: dict[str, Counter[str]] = defaultdict(Counter)
        for a, b, document in zip(given, right, documents, strict=True):
            each[document].update(facts_tp=len(a & b), facts_pred=len(a), facts_gold=len(b))
        rows = [dict(c) for c in each.values()]
        table = measure_table(Counts(rows), draws(len(rows), RESAMPLES, self.seed))
        row = table[table["measure"] == "facts"].iloc[0]
        value, low, high = (float(row[k]) for k in ("value", "low", "high"))
        self.rows.append(Result(system, data, split, name, value, low, high, int(row["n"]), round(seconds, 2)))
        return value

    def table(self, title: str, measure: str, note: str) -> None:
        """The results of one measure as a table, a row a system."""
        listed = [r for r in self.rows if r.measure == measure]
        systems = list(dict.fromkeys(r.system for r in listed))
        splits = [s for s in SPLITS if any(r.split == s for r in listed)]
        self.lines += [
            f"## {title}",
            "",
            note,
            "",
            "| labels from | " + " | ".join(splits) + " |",
            "|---|" + "---|" * len(splits),
        ]
        for system in systems:
            cells = []
            for split in splits:
                found = next((r for r in listed if (r.system, r.split) == (system, split)), None)
                cells.append(f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})" if found else "")
            self.lines.append(f"| {system} | {' | '.join(cells)} |")
        self.lines.append("")


def one(labels: Iterable[str]) -> list[frozenset[str]]:
    """Labels of candidates as sets; no fact is no label."""
    return [frozenset() if label == NO_FACT else frozenset(label.split("+")) for label in labels]


def one_hot(answers: Sequence[str], labels: Sequence[str]) -> NDArray[np.float64]:
    """Answers as certain probabilities."""
    return np.asarray(np.eye(len(labels))[[labels.index(a) for a in answers]])


def word_features(rows: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The words around every candidate, in the order of :func:`gia_nlp.learning.weak.fact_cases`."""
    found = []
    for row in rows:
        layout = analyse_text(row["text"], year=row.get("year"))
        year = report_year(row["text"], layout)
        for read in read_candidates(row["text"], layout):
            found += quantity_features(read.candidates, year)
    return found


def facts(study: Study) -> pd.DataFrame:
    """Counts: labels of candidates."""
    data = "annotated/passages"
    rows = {split: read_annotated(PASSAGES, (split,)) for split in SPLITS}
    cases = {split: weak.fact_cases(rows[split]) for split in SPLITS}
    truth = {split: weak.right_indicators(rows[split], cases[split]) for split in SPLITS}
    votes = {split: weak.collect(weak.fact_functions(), cases[split], weak.fact_labels()) for split in SPLITS}
    features = {split: word_features(rows[split]) for split in SPLITS}
    documents = {split: [c.document for c in cases[split]] for split in SPLITS}

    def score(system: str, split: str, labels: Sequence[str], seconds: float = 0.0) -> float:
        return study.score(
            system, data, split, one(labels), one(truth[split]), documents[split], seconds, "candidates.f1"
        )

    def f1(labels: Sequence[str], split: str) -> float:
        pairs = list(zip(labels, truth[split], strict=True))
        right = sum(a == b != NO_FACT for a, b in pairs)
        return 2 * right / max(1, sum((a != NO_FACT) + (b != NO_FACT) for a, b in pairs))

    def anchored(chosen: weak.Votes) -> weak.LabelModel:
        models = [weak.LabelModel.fit(chosen, default=NO_FACT, strength=s) for s in ANCHORS]
        scores = [f1(weak.best(m.probabilities(chosen), chosen.labels), "train") for m in models]
        return models[int(np.argmax(scores))]

    # Fitted on the votes of train alone (only the anchor is chosen with train's gold), applied to the others.
    model, plain = anchored(votes["train"]), anchored(votes["train"].without("rules"))
    labels = votes["train"].labels
    for split in SPLITS:
        without = votes[split].without("rules")
        decided = [c.verdict.decision for c in cases[split]]
        score("rules", split, [d.indicators[0] if d else NO_FACT for d in decided])
        score("votes: majority", split, weak.best(weak.majority(votes[split], default=NO_FACT), labels))
        score("votes: label model", split, weak.best(model.probabilities(votes[split]), labels))
        score(
            "votes without the rules' decision: majority",
            split,
            weak.best(weak.majority(without, default=NO_FACT), labels),
        )
        score("votes without the rules' decision: label model", split, weak.best(plain.probabilities(without), labels))
    sources: dict[str, NDArray[np.float64]] = {
        "gold": one_hot(truth["train"], labels),
        "rules": weak.majority(votes["train"].without(*set(votes["train"].families) - {"rules"}), default=NO_FACT),
        "majority": weak.majority(votes["train"], default=NO_FACT),
        "label model": model.probabilities(votes["train"]),
        "label model without the rules' decision": plain.probabilities(votes["train"].without("rules")),
    }
    more = ("train", "dev")  # texts without their gold labels cost nothing: twice as many styles
    both = {
        "gold of train and dev": np.concatenate([one_hot(truth[s], labels) for s in more]),
        "label model on train and dev": np.concatenate([model.probabilities(votes[s]) for s in more]),
    }
    for name, probabilities in (sources | both).items():
        splits = more if name in both else ("train",)
        rows_of = [f for s in splits for f in features[s]]
        begin = time.process_time()
        sure = probabilities.max(axis=1)
        kept = [i for i in range(len(sure)) if sure[i] >= LEAST]
        answers = [labels[k] for k in probabilities.argmax(axis=1)]
        fitted = fit_softmax(
            [rows_of[i] for i in kept],
            [answers[i] for i in kept],
            strength=STRENGTH,
            weights=[float(sure[i]) for i in kept],
        )
        seconds = time.process_time() - begin
        for split in ("dev", "test"):
            if split not in splits:
                found = [fitted.labels[k] for k in fitted.probabilities(features[split]).argmax(axis=1)]
                score(f"words, trained on {name}", split, found, seconds)
    seen = votes["dev"].analysis(truth["dev"])
    return seen.assign(data="counts (dev)")


def denials(study: Study) -> pd.DataFrame:
    """Statements of zero: what each negating word denies."""
    rows = {split: read_annotated(PASSAGES, (split,)) for split in SPLITS}
    cases = {split: weak.denial_cases(rows[split]) for split in SPLITS}
    truth = {split: weak.right_denials(rows[split], cases[split]) for split in SPLITS}
    votes = {split: weak.collect(weak.denial_functions(), cases[split], weak.denial_labels()) for split in SPLITS}
    model = weak.LabelModel.fit(votes["train"], default=NO_FACT, strength=1.0)
    plain = weak.LabelModel.fit(votes["train"].without("rules"), default=NO_FACT, strength=1.0)
    for split in SPLITS:
        documents = [c.document for c in cases[split]]
        without = votes[split].without("rules")
        found = {
            "rules": [frozenset(d.indicator for d in c.candidate.denials) for c in cases[split]],
            "votes: majority": one(weak.best(weak.majority(votes[split], default=NO_FACT), model.labels)),
            "votes: label model": one(weak.best(model.probabilities(votes[split]), model.labels)),
            "votes without the rules' decision: majority": one(
                weak.best(weak.majority(without, default=NO_FACT), model.labels)
            ),
            "votes without the rules' decision: label model": one(
                weak.best(plain.probabilities(without), model.labels)
            ),
        }
        for system, given in found.items():
            study.score(system, "annotated/passages", split, given, truth[split], documents, 0.0, "denials.f1")
    answers = ["+".join(sorted(t)) if t else NO_FACT for t in truth["dev"]]
    return votes["dev"].analysis(answers).assign(data="statements of zero (dev)")


def whole(study: Study) -> None:
    """The whole finder of counts, rules and model, trained on gold or on what the label models say of the same texts."""
    rows = read_annotated(PASSAGES, ("train",))
    with tempfile.TemporaryDirectory() as folder:
        weakly = Path(folder) / "weak.jsonl"
        lines = [json.dumps(row, ensure_ascii=False) for row in weakly_annotated(rows)]
        weakly.write_text("\n".join(lines), encoding="utf-8")
        models: dict[str, tuple[FactModel | None, float]] = {"rules": (None, 0.0)}
        for name, path in (("gold of train", PASSAGES), ("weak labels of train", weakly)):
            begin = time.process_time()
            trained = fit_facts(FactSettings(data=Data(passages=(path,), splits=("train",))))
            models[f"rules and model, trained on {name}"] = (trained.model, time.process_time() - begin)
    first: dict[str, Evaluation] = {}
    study.lines += ["## Facts end to end", "", WHOLE, "", "| system | dev | test |", "|---|---|---|"]
    for system, (model, seconds) in models.items():
        cells = []
        for split in ("dev", "test"):
            gold = read_gold(PASSAGES, split=split)
            found = evaluate(gold, [read(g, model) for g in gold], resamples=RESAMPLES, seed=study.seed)
            if model is not None:  # the rules alone are in the study held_out
                study.rows += found.results_rows(
                    system=system, data="annotated/passages", split=split, seconds=round(seconds, 2), only=["facts"]
                )
            row = found.measures.iloc[0]
            beside = found.compare(first[split]).set_index("measure").loc["facts"] if split in first else None
            change = f"; {beside['difference']:+.3f}, p {beside['p']:.4f}" if beside is not None else ""
            cells.append(f"{row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f}{change})")
            first.setdefault(split, found)
        study.lines.append(f"| {system} | {' | '.join(cells)} |")
    study.lines.append("")


def read(gold: GoldDocument, model: FactModel | None) -> Report:
    """A passage read by rules, or by rules and a model."""
    text = gold.text or ""
    layout = analyse_text(text, year=gold.year)
    return Report(
        f"passages/{gold.name}.txt", text, "", "text", "", layout.metadata, facts=find_facts(text, layout, model)
    )


def weakly_annotated(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Passages with facts as the label models give them; period and channel are the rules'. Gold is not looked at."""
    counted, negated = weak.fact_cases(rows), weak.denial_cases(rows)
    votes = weak.collect(weak.fact_functions(), counted, weak.fact_labels())
    zeros = weak.collect(weak.denial_functions(), negated, weak.denial_labels())
    labels = weak.best(weak.LabelModel.fit(votes, default=NO_FACT, strength=1.0).probabilities(votes), votes.labels)
    denied = weak.best(weak.LabelModel.fit(zeros, default=NO_FACT, strength=1.0).probabilities(zeros), zeros.labels)
    facts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    years = {row["id"]: row.get("year") for row in rows}
    known = {
        (row["id"], f.start, f.end): (f.period, f.channel)
        for row in rows
        for f in find_facts(row["text"], analyse_text(row["text"], year=row.get("year")))
    }
    for case, label in zip(counted, labels, strict=True):
        if label != NO_FACT:
            alone = (find_period(case.candidate, label, years[case.document]), "all")
            period, channel = known.get((case.document, *case.span), alone)
            value = case.candidate.quantity.value
            facts[case.document].append(_fact(label, value, case.span, period, channel))
    for zero, label in zip(negated, denied, strict=True):
        for name in label.split("+") if label != NO_FACT else ():
            facts[zero.document].append(_fact(name, 0.0, zero.span, "current", "all"))
    return [{**row, "facts": facts[row["id"]]} for row in rows]


def _fact(indicator: str, value: float, span: tuple[int, int], period: str, channel: str) -> dict[str, Any]:
    place = {"start": span[0], "end": span[1]}
    return {"indicator": indicator, "value": value, "period": period, "channel": channel, **place}


def categories(study: Study) -> pd.DataFrame:
    """Categories of annotated points."""
    data = "annotated/problems"
    rows = {split: read_annotated(PROBLEMS, (split,)) for split in SPLITS}
    cases = {split: weak.item_cases(rows[split]) for split in SPLITS}
    truth = {s: [frozenset(i["categories"]) for row in rows[s] for i in row["items"]] for s in SPLITS}
    documents = {split: [c.document for c in cases[split]] for split in SPLITS}
    names = weak.category_names()
    counted: dict[str, list[NDArray[np.float64]]] = {split: [] for split in SPLITS}
    modelled: dict[str, list[NDArray[np.float64]]] = {split: [] for split in SPLITS}
    tables = []
    for name in names:
        functions = weak.category_functions(name)
        votes = {split: weak.collect(functions, cases[split], ("no", "yes")) for split in SPLITS}
        model = weak.LabelModel.fit(votes["train"], strength=1.0)
        for split in SPLITS:
            counted[split].append(weak.majority(votes[split], default="no")[:, 1])
            modelled[split].append(model.probabilities(votes[split])[:, 1])
        answers = ["yes" if name in t else "no" for t in truth["dev"]]
        tables.append(votes["dev"].analysis(answers).assign(data=f"category {name} (dev)"))

    def given(table: NDArray[np.float64]) -> list[frozenset[str]]:
        """Categories from half on; where none is, ``other``."""
        return [
            frozenset(n for n, p in zip(names, row, strict=True) if p > 0.5) or frozenset({"other"}) for row in table
        ]

    def score(system: str, split: str, found: Answers, seconds: float = 0.0) -> float:
        return study.score(system, data, split, found, truth[split], documents[split], seconds, "cat_given.f1")

    for split in SPLITS:
        score("rules", split, [c.given for c in cases[split]])
        score("votes: majority", split, given(np.stack(counted[split], axis=1)))
        score("votes: label model", split, given(np.stack(modelled[split], axis=1)))
    rows_of = {
        s: [{k: v for k, v in category_row(c.text, c.evidence).items() if not is_cue(k)} for c in cases[s]]
        for s in SPLITS
    }
    as_table = lambda answers: np.array([[n in a for n in names] for a in answers], bool)  # noqa: E731
    sources = {
        "gold": truth["train"],
        "rules": [c.given for c in cases["train"]],
        "majority": given(np.stack(counted["train"], axis=1)),
        "label model": given(np.stack(modelled["train"], axis=1)),
    }
    for name, answers in sources.items():
        begin = time.process_time()
        fitted = fit_sigmoid(rows_of["train"], as_table(answers), names, strength=CATEGORY_STRENGTH)
        seconds = time.process_time() - begin
        for split in ("dev", "test"):
            score(
                f"words, trained on {name}",
                split,
                given(np.asarray(fitted.probabilities(rows_of[split]), float)),
                seconds,
            )
    return pd.concat(tables, ignore_index=True)


def kinds(study: Study) -> pd.DataFrame:
    """Problem or remedy: how well the votes tell."""
    rows = {split: read_annotated(PROBLEMS, (split,)) for split in SPLITS}
    cases = {split: weak.item_cases(rows[split]) for split in SPLITS}
    truth = {s: [i["kind"] for row in rows[s] for i in row["items"]] for s in SPLITS}
    votes = {s: weak.collect(weak.kind_functions(), cases[s], ("problem", "remedy")) for s in SPLITS}
    chosen = {"votes": votes, "votes without the rules": {s: v.without("rules") for s, v in votes.items()}}
    study.lines += ["## Problem or remedy", "", "Share of annotated points told right; not voted on counts as wrong.", "",
                    "| labels from | train | dev | test |", "|---|---|---|---|"]  # fmt: skip
    found: dict[str, dict[str, list[str | None]]] = {"rules": {s: [c.kind for c in cases[s]] for s in SPLITS}}
    for name, of in chosen.items():
        model = weak.LabelModel.fit(of["train"])
        found[f"{name}: majority"] = {s: list(weak.best(weak.majority(v), v.labels)) for s, v in of.items()}
        found[f"{name}: label model"] = {s: list(weak.best(model.probabilities(v), v.labels)) for s, v in of.items()}
    for name, answers in found.items():
        cells = []
        for split in SPLITS:
            right = [a == b for a, b in zip(answers[split], truth[split], strict=True)]
            n = len(right)
            low, high = weak.wilson(sum(right), n)
            study.rows.append(
                Result(name, "annotated/problems", split, "kind_given.accuracy", sum(right) / n, low, high, n)
            )
            cells.append(f"{sum(right) / n:.3f}")
        study.lines.append(f"| {name} | {' | '.join(cells)} |")
    study.lines.append("")
    return votes["dev"].analysis(truth["dev"]).assign(data="kinds (dev)")


def main() -> None:
    """Runs the study."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    study = Study(options.seed)
    tables = [facts(study)]
    study.table("Counts: the indicator of each candidate", "candidates.f1", FACTS)
    tables.append(denials(study))
    study.table("Statements of zero", "denials.f1", DENIALS)
    whole(study)
    tables.append(categories(study))
    study.table("Categories of annotated points", "cat_given.f1", CATEGORIES)
    tables.append(kinds(study))
    functions = pd.concat(tables, ignore_index=True)
    write_csv(functions[["data", *(c for c in functions.columns if c != "data")]].round(4), HERE / "functions.csv")
    head = ["# Weak labels", "", INTRODUCTION, ""]
    (HERE / "results.md").write_text("\n".join([*head, *study.lines]).rstrip() + "\n", encoding="utf-8")
    write_results(
        HERE,
        study="weak_labels",
        question="How far do labelling functions alone carry a model?",
        command=f"python experiments/weak_labels/run.py --seed {options.seed}",
        rows=study.rows,
    )
    print((HERE / "results.md").read_text(encoding="utf-8"))


INTRODUCTION = (
    "Made by `run.py`. F1 with 95% bootstrap intervals over passages. Votes and models are made on `train`, the rules were written with "
    "`dev` and parts of `train` at hand and look better there than on `test`, of which only totals were computed. What each labelling "
    "function covers, where it disagrees with others and how often it is right on `dev` stands in `functions.csv`."
)
FACTS = (
    "Micro F1 over candidates (quantities with their indicator; statements of zero are left out). `words` is a linear model over the words "
    "around a candidate, trained on the candidates of `train` with labels from one source."
)
DENIALS = "Micro F1 over negating words. A word that denies two things (no reviews and no lawsuits) has two answers."
WHOLE = (
    "F1 of facts as `gia-nlp evaluate` measures it, with the difference from the rules and its p-value (randomisation over passages). The model "
    "of facts and its combination with the rules are trained on `train`, with gold labels or with those of the label models (periods and "
    "channels then are the rules')."
)
CATEGORIES = "Micro F1 of the categories of points whose spans are given. `words` is a linear model over characters, without the rules' cues."

if __name__ == "__main__":
    main()
