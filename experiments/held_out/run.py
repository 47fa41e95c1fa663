"""How well a system does on styles of writing that nobody looked at while it was made.

    python experiments/held_out/run.py [--model NAME_OR_DIR]... [--data passages|problems]...

Scores the facts of ``data/annotated/passages.jsonl`` and the items of ``data/annotated/problems/problems.jsonl`` by split: ``dev`` and
``train`` styles were read while the rules were written, ``test`` styles were only ever counted, the styles of ``NEW_STYLES.txt`` came when the rules were done. Measures and 95% bootstrap
intervals over passages are those of ``gia-nlp evaluate``. Writes ``results.json`` and ``results.md`` beside this file; with several models each
is compared with the first, by paired randomisation over passages.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from gia_nlp.learning.evaluation import Evaluation, GoldDocument, evaluate, predict, read_gold
from gia_nlp.learning.evaluation.results import Result, write_results

HERE = Path(__file__).parent
ANNOTATED = HERE.parents[1] / "data" / "annotated"
DATA = {"passages": ANNOTATED / "passages.jsonl", "problems": ANNOTATED / "problems" / "problems.jsonl"}
RULES = HERE.parents[1] / "models" / "zh_gia_rules"
UNSEEN = ANNOTATED / "NEW_STYLES.txt"
SPLITS = ("train", "dev", "test")
NOTE = (
    "`dev` and `train` styles were read while the rules were written, `train` less; `test` styles were only counted, unseen styles were written when the rules were done. Invented texts: "
    "harder than most reports, with no layout around them. Intervals are 95% bootstrap intervals over passages; `n` are facts, items, "
    "categories or pairs in gold, of an attribute the matched facts."
)
SMALLEST_P = 0.0001


def parts(name: str) -> Iterator[tuple[str, list[GoldDocument]]]:
    """The splits of a data set, those of ``train`` and ``dev`` once more with only the styles written after the rules."""
    kind = "facts" if name == "passages" else "problems"
    lines = UNSEEN.read_text(encoding="utf-8").split() if UNSEEN.is_file() else []
    unseen = {line.removeprefix(f"{kind}/") for line in lines if line.startswith(f"{kind}/")}
    for split in SPLITS:
        gold = read_gold(DATA[name], split=split)
        yield split, gold
        late = [g for g in gold if g.groups.get("style") in unseen]
        if late and split != "test":
            yield f"{split}, unseen styles", late


def main() -> None:
    """Scores every model on every split."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help="a pipeline's name or folder; zh_gia_rules if none is given")
    parser.add_argument("--data", action="append", choices=sorted(DATA), help="both if none is given")
    options = parser.parse_args()
    models = options.model or [str(RULES)]
    rows: list[Result] = []
    lines = ["# Held-out styles", "", "| system | split | measure | value | 95% interval | n | against the first |", "|---|---|---|---|---|---|---|"]  # fmt: skip
    for name in options.data or sorted(DATA):
        for split, gold in parts(name):
            first: Evaluation | None = None
            for model in models:
                begin = time.process_time()
                found = predict(gold, model=model)
                seconds = round(time.process_time() - begin, 1)
                scored = evaluate(gold, found)
                system = Path(model).name
                made = scored.results_rows(system=system, data=f"annotated/{name}", split=split, seconds=seconds)
                rows += made
                against = {} if first is None else {r["measure"]: r for r in scored.compare(first).to_dict("records")}
                for row, measure in zip(made, scored.measures["measure"], strict=True):
                    band = f"{row.low:.3f} to {row.high:.3f}" if row.low is not None else ""
                    beside = against.get(measure)
                    change = f"{beside['difference']:+.3f}, p {max(beside['p'], SMALLEST_P):.4f}" if beside else ""
                    lines.append(
                        f"| {system} | {split} | {row.measure} | {row.value:.3f} | {band} | {row.n} | {change} |"
                    )
                first = first or scored
    (HERE / "results.md").write_text("\n".join([*lines, "", NOTE, ""]), encoding="utf-8")
    write_results(
        HERE,
        study="held_out",
        question="How well do rules and models do on styles of writing that nobody looked at?",
        command="python experiments/held_out/run.py" + "".join(f" --model {Path(m).name}" for m in options.model or []),
        rows=rows,
    )
    print((HERE / "results.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
