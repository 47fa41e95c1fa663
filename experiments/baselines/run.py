"""Other learners beside the package's linear models: how exact, how long to train, how fast to read.

    python experiments/baselines/run.py [--config config.json]

Facts, end to end from the text: CRFsuite and spaCy's entity recogniser (``taggers.py``). Categories of annotated points: spaCy's
text classifiers, bag of words and ensemble with a small network. Trained on ``train``, measured on ``dev`` (a configuration
may ask for ``test`` too, after training on both); thresholds are chosen on a fold of the training data. ``speed.characters_per_second`` is of CPU time, one process.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from systems import (  # noqa: E402
    DATA,
    FILES,
    MODELS,
    RULES,
    SMALLEST_P,
    TRAINED_ON,
    UNSEEN,
    Scores,
    gold_of,
    in_parts,
    only,
    pipeline,
    score,
    shown,
    train_categories,
    train_facts,
    unseen_styles,
)
from taggers import Field, Recogniser, annotated  # noqa: E402

from gia_nlp.facts.combining import Combination  # noqa: E402
from gia_nlp.facts.model import FactModel  # noqa: E402
from gia_nlp.language.words import domain_cutter  # noqa: E402
from gia_nlp.learning import categories  # noqa: E402
from gia_nlp.learning.evaluation.bootstrap import draws  # noqa: E402
from gia_nlp.learning.evaluation.measures import Counts, measure_table  # noqa: E402
from gia_nlp.learning.evaluation.results import Result  # noqa: E402
from gia_nlp.learning.evaluation.significance import compare_counts  # noqa: E402
from gia_nlp.learning.splits import grouped_folds, read_annotated  # noqa: E402
from gia_nlp.problems.classifying import _evidence, classify, evidence  # noqa: E402

ALONE = "models, no rules"
FACTS = ("facts", "facts_macro", "fact_period")
GIVEN = "cat_spans.f1"
BARS = np.arange(0.1, 0.6, 0.02)
RESAMPLES = 1000
Decide = Callable[[Sequence[categories.Example]], list[tuple[str, ...]]]


# --------------------------------------------------------------------------- facts


def fact_systems(split: str, config: dict[str, Any]) -> dict[str, tuple[Any, float]]:
    """Systems by name with the CPU seconds of their training."""
    made: dict[str, tuple[Any, float]] = {RULES: (pipeline(), 0.0)}
    begin = time.process_time()
    model = train_facts(TRAINED_ON[split])
    seconds = time.process_time() - begin
    silent = {kind: Combination(1.0, {}, c.threshold) for kind, c in model.combinations.items()}
    made[ALONE] = (pipeline(FactModel(model.quantities, model.denials, silent)), seconds)
    made[MODELS] = (pipeline(model), seconds)
    data = [pair for row in read_annotated(FILES["facts"], TRAINED_ON[split]) for pair in annotated(row)]
    begin = time.process_time()
    made["crf"] = (_standing_in(Field(data, **config["crf"])), time.process_time() - begin)
    begin = time.process_time()
    options = {k: v for k, v in config["ner"].items() if k != "epochs"}
    made["spacy ner"] = (_standing_in(Recogniser(data, seed=config["seed"], epochs=config["ner"]["epochs"][split], **options)), time.process_time() - begin)  # fmt: skip
    return made


def _standing_in(tagger: Any) -> Any:
    """A tagger where a pipeline is asked for."""
    parts = [("gia_facts", tagger), ("gia_items", None)]
    return SimpleNamespace(pipeline=parts, pipe_names=[name for name, _ in parts])


def facts(split: str, config: dict[str, Any]) -> Scores:
    """Measures the systems of facts."""
    scores = Scores(HERE)
    gold = gold_of("facts", split)
    length = sum(len(g.text or "") for g in gold)
    told = {}
    for name, (system, training) in fact_systems(split, config).items():
        found, seconds = score(system, gold)
        told[name] = (found, training, length / max(seconds, 0.01))
    for part in (split, UNSEEN) if split == "dev" else (split,):
        chosen = gold_of("facts", part)
        body = []
        for name, (found, training, speed) in told.items():
            shorter = only(found, chosen)
            scores.add(shorter, system=name, kind="facts", split=part, seconds=round(training, 1), measures=FACTS)
            if part == split:
                scores.rows.append(Result(name, DATA["facts"], part, "speed.characters_per_second", round(speed), n=length))  # fmt: skip
            against = None if name == MODELS else only(told[MODELS][0], chosen)
            body.append([name, *(shown(shorter, m, against) for m in FACTS), f"{training:.0f}", f"{speed:,.0f}"])
        scores.lines += ["", f"## facts, {part} (differences from {MODELS})"]
        scores.table(["system", *FACTS, "training, s", "characters per second"], body)
    return scores


# --------------------------------------------------------------------------- categories


class TextClassifier:
    """A text classifier of spaCy over the words, or the characters, of a point."""

    def __init__(self, points: Sequence[categories.Example], *, seed: int, batch: int, tokens: str, ngram_size: int, epochs: int, width: int = 0, depth: int = 0, embed_size: int = 0) -> None:  # fmt: skip
        import spacy
        from spacy.tokens import Doc
        from spacy.training import Example
        from spacy.util import fix_random_seed, minibatch

        fix_random_seed(seed)
        self.nlp = spacy.blank("zh")
        cut = domain_cutter() if tokens == "words" else list

        def doc(text: str) -> Any:
            words = cut(text) or ["-"]
            return Doc(self.nlp.vocab, words=words, spaces=[False] * len(words))

        self.doc = doc
        bag: dict[str, Any] = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": False, "ngram_size": ngram_size, "no_output_layer": False, "length": 131072}  # fmt: skip
        if width:
            bag["no_output_layer"] = False
            network = {"@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": width, "depth": depth, "embed_size": embed_size,
                       "window_size": 1, "maxout_pieces": 2, "subword_features": True}  # fmt: skip
            model = {"@architectures": "spacy.TextCatEnsemble.v2", "linear_model": bag, "tok2vec": network}
        else:
            model = bag
        self.nlp.add_pipe("textcat_multilabel", config={"model": model})
        self.labels = tuple(sorted({c for p in points for c in p.categories}))
        examples = [Example.from_dict(doc(p.text), {"cats": {c: float(c in p.categories) for c in self.labels}}) for p in points]  # fmt: skip
        optimizer = self.nlp.initialize(lambda: examples)
        order = random.Random(seed)
        for _ in range(epochs):
            order.shuffle(examples)
            for chosen in minibatch(examples, batch):
                self.nlp.update(chosen, sgd=optimizer, drop=0.2)

    def probabilities(self, points: Sequence[categories.Example]) -> NDArray[np.float64]:
        """Shape (points, labels)."""
        pipe = self.nlp.get_pipe("textcat_multilabel")
        docs = pipe.pipe((self.doc(p.text) for p in points), batch_size=64)
        return np.array([[d.cats[name] for name in self.labels] for d in docs])


def given(probabilities: NDArray[np.float64], labels: Sequence[str], bar: float) -> list[tuple[str, ...]]:
    """All labels from the threshold on, else the likeliest."""
    return [tuple(labels[k] for k in np.flatnonzero(row >= bar)) or (labels[int(row.argmax())],) for row in probabilities]  # fmt: skip


def bar_of(points: Sequence[categories.Example], options: dict[str, Any]) -> float:
    """The threshold of best F1 on held-out styles: one fold of five."""
    fit, held = grouped_folds([p.style for p in points], 5)[0]
    model = TextClassifier([points[i] for i in fit], **options)
    told = model.probabilities([points[i] for i in held])
    want = [set(points[i].categories) for i in held]

    def quality(bar: float) -> float:
        found = [set(names) for names in given(told, model.labels, bar)]
        right = sum(len(a & b) for a, b in zip(found, want, strict=True))
        return 2 * right / (sum(map(len, found)) + sum(map(len, want)))

    return round(float(max(BARS, key=quality)), 2)


def category_systems(points: list[categories.Example], split: str, config: dict[str, Any], bars: dict[str, float]) -> dict[str, tuple[Decide, float]]:  # fmt: skip
    """What decides on points, by name, with the CPU seconds of its training; ``bars`` takes down the thresholds."""
    made: dict[str, tuple[Decide, float]] = {RULES: (lambda asked: [classify(p.text)[0] for p in asked], 0.0)}
    for name, without in ((ALONE, ("cue", "weight", "given")), (f"{MODELS}, no paired points", ())):
        begin = time.process_time()
        model = train_categories(TRAINED_ON[split], without=without)
        seconds = time.process_time() - begin

        def linear(asked: Sequence[categories.Example], model: Any = model) -> list[tuple[str, ...]]:
            evidences = [evidence(p.text) for p in asked]
            own = model.own([p.text for p in asked], evidences)
            return [names for names, _ in model.decide(model.probabilities(own, evidences))]

        made[name] = (linear, seconds)
    for name, choice in config["textcat"].items():
        options = {"seed": config["seed"], "batch": config["batch"], **choice}
        bars[name] = bar_of(points, options)
        begin = time.process_time()
        classifier = TextClassifier(points, **options)

        def asked_of(asked: Sequence[categories.Example], c: TextClassifier = classifier, bar: float = bars[name]) -> list[tuple[str, ...]]:  # fmt: skip
            return given(c.probabilities(asked), c.labels, bar)

        made[name] = (asked_of, time.process_time() - begin)
    return made


def counts_of(points: Sequence[categories.Example], found: Sequence[tuple[str, ...]], documents: Sequence[str]) -> Counts:  # fmt: skip
    """Counts a document, as an evaluation makes them of matched points."""
    each: dict[str, Counter[str]] = defaultdict(Counter)
    for point, names in zip(points, found, strict=True):
        want = set(point.categories)
        each[point.document].update(given_tp=len(want & set(names)), given_pred=len(set(names)), given_gold=len(want))
    return Counts([dict(each[name]) for name in documents])


def problems(split: str, config: dict[str, Any]) -> Scores:
    """Measures the systems of categories on annotated points."""
    scores = Scores(HERE)
    bars: dict[str, float] = {}
    trained = categories.examples(read_annotated(FILES["problems"], TRAINED_ON[split]))
    points = categories.examples(read_annotated(FILES["problems"], (split,)))
    length = sum(len(p.text) for p in points)
    told = {}
    for name, (decide, training) in category_systems(trained, split, config, bars).items():
        _evidence.cache_clear()  # cues are part of the work
        begin = time.process_time()
        found = decide(points)
        told[name] = (found, training, length / max(time.process_time() - begin, 0.01))
    first = f"{MODELS}, no paired points"
    for part in (split, UNSEEN) if split == "dev" else (split,):
        kept = [i for i, p in enumerate(points) if part != UNSEEN or p.style in unseen_styles("problems")]
        documents = list(dict.fromkeys(points[i].document for i in kept))
        chosen = [points[i] for i in kept]
        counts = {name: counts_of(chosen, [f[i] for i in kept], documents) for name, (f, *_) in told.items()}
        body = []
        for name, (_, training, speed) in told.items():
            row = measure_table(counts[name], draws(len(documents), RESAMPLES, 0)).set_index("measure").loc["cat_given"]  # fmt: skip
            value, low, high = (float(row[k]) for k in ("value", "low", "high"))
            scores.rows.append(Result(name, DATA["problems"], part, GIVEN, round(value, 6), round(low, 6), round(high, 6), int(row["n"]), round(training, 1)))  # fmt: skip
            if part == split:
                scores.rows.append(Result(name, f"{DATA['problems']}, points", part, "speed.characters_per_second", round(speed), n=length))  # fmt: skip
            against = compare_counts(counts[name], counts[first]).set_index("measure").loc["cat_given"]
            beside = "" if name == first else f"{against['difference']:+.3f}, p {max(float(against['p']), SMALLEST_P):.4f}"  # fmt: skip
            bar = f"{bars[name]:.2f}" if name in bars else ""
            body.append([name, f"{value:.3f} ({low:.3f}–{high:.3f})", beside, bar, f"{training:.0f}", f"{speed:,.0f}"])  # fmt: skip
        scores.lines += ["", f"## categories of annotated points, {part}"]
        scores.table(["system", "F1", f"against {first}", "threshold", "training, s", "characters per second"], body)  # fmt: skip
    return scores


def measured(config: dict[str, Any], kind: str, split: str) -> Scores:
    """One kind of answers on one split."""
    return facts(split, config) if kind == "facts" else problems(split, config)


def main() -> None:
    """Trains and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=HERE / "config.json")
    parser.add_argument("--part", action="append", default=[], help="facts-dev, problems-test …; the others stay as measured before (default: all)")  # fmt: skip
    options = parser.parse_args()
    config = json.loads(options.config.read_text(encoding="utf-8"))
    asked = [(kind, split) for kind in ("facts", "problems") for split in config["splits"]]
    scores = in_parts(HERE, partial(measured, config), asked, options.part)
    scores.write(question="How do the linear models stand beside other learners?", title="Other learners")


if __name__ == "__main__":
    main()
