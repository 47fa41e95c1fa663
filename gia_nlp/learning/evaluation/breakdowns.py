"""Measures by what is counted, where it stands, in which form, and by the rule that decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.learning.evaluation.bootstrap import percentile_interval
from gia_nlp.learning.evaluation.measures import f1_parts

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
Floats = NDArray[np.float64]
# (breakdown, which mentions, group on the gold side, group on the predicted side)
_Groups = Callable[[Row], list[str]]


def _field(name: str) -> _Groups:
    return lambda row: [str(row.get(name) if row.get(name) is not None else "none")]


def _listed(name: str) -> _Groups:
    return lambda row: [str(v) for v in row.get(name) or []]


BREAKDOWNS: dict[str, tuple[str, _Groups, _Groups]] = {
    "facts by indicator": ("facts", _field("indicator"), _field("indicator")),
    "facts by channel": ("facts", _field("gold_channel"), _field("channel")),
    "facts by period": ("facts", _field("gold_period"), _field("period")),
    "facts by bound": ("facts", _field("gold_bound"), _field("bound")),
    "facts by section": ("facts", _field("section"), _field("section")),
    "facts by form": ("facts", _field("form"), _field("form")),
    "facts by style": ("facts", _field("style"), _field("style")),
    "items by kind": ("items", _field("kind"), _field("kind")),
    "items by section": ("items", _field("section"), _field("section")),
    "items by form": ("items", _field("form"), _field("form")),
    "items by style": ("items", _field("style"), _field("style")),
    "categories by category": ("items", _listed("gold_categories"), _listed("categories")),
    "categories by form": ("items", lambda r: [str(r.get("form"))] * len(r["gold_categories"]), lambda r: [str(r.get("form"))] * len(r["categories"])),
}  # fmt: skip


def f1_by(
    rows: list[Row],
    documents: list[str],
    gold_group: _Groups,
    predicted_group: _Groups,
    weights: Floats | None,
    *,
    right: Callable[[Row], list[str]] | None = None,
) -> pd.DataFrame:
    """A row a group: group, precision, recall, f1, low, high, right, predicted, gold.

    A gold mention counts in its gold group, a prediction in the group it was given; it is right in a group where both agree.
    """
    import pandas as pd

    place = {name: i for i, name in enumerate(documents)}
    counts: dict[str, Floats] = {}

    def add(group: str, document: str, which: int) -> None:
        counts.setdefault(group, np.zeros((len(documents), 3)))[place[document], which] += 1

    for row in rows:
        wanted = gold_group(row) if row["outcome"] != "invented" else []
        given = predicted_group(row) if row["outcome"] != "missed" else []
        if right is not None:
            agreed = right(row)
        else:
            agreed = [g for g in wanted if g in given] if row["outcome"] == "right" else []
        for which, groups in ((0, agreed), (1, given), (2, wanted)):
            for group in groups:
                add(group, row["document"], which)
    made = []
    for group in sorted(counts):
        total = counts[group].sum(axis=0)
        precision, recall, f1 = (float(x) for x in f1_parts(*(np.asarray(t) for t in total)))
        low, high = float("nan"), float("nan")
        if weights is not None and len(documents) > 1:
            drawn = weights @ counts[group]
            values = f1_parts(drawn[:, 0], drawn[:, 1], drawn[:, 2])[2]
            low, high = percentile_interval(np.where(drawn[:, 1] + drawn[:, 2] > 0, values, np.nan))
        numbers = dict(zip(("right", "predicted", "gold"), (int(t) for t in total), strict=True))
        made.append({"group": group, "precision": precision, "recall": recall, "f1": f1, "low": low, "high": high, **numbers})  # fmt: skip
    columns = ["group", "precision", "recall", "f1", "low", "high", "right", "predicted", "gold"]
    return pd.DataFrame(made, columns=columns)


def breakdown_tables(
    mentions: dict[str, list[Row]], documents: list[str], weights: Floats | None
) -> dict[str, pd.DataFrame]:
    """The breakdowns for which there is anything, by name; a breakdown with one group only is kept where gold has no other."""
    made: dict[str, pd.DataFrame] = {}
    for name, (which, gold_group, predicted_group) in BREAKDOWNS.items():
        rows = mentions[which]
        if not rows or (name.endswith("by style") and not any("style" in r for r in rows)):
            continue
        right = _categories_agreed if name == "categories by form" else None
        made[name] = f1_by(rows, documents, gold_group, predicted_group, weights, right=right)
    if mentions["cells"]:
        made["cells by table and form"] = cell_table(mentions["cells"])
    return made


def _categories_agreed(row: Row) -> list[str]:
    both = set(row["gold_categories"]) & set(row["categories"]) if row["outcome"] == "right" else set()
    return [str(row.get("form"))] * len(both)


def cell_table(rows: list[Row]) -> pd.DataFrame:
    """Cells by table and form: group, cells, right, accuracy, nonzero, nonzero_right, silent, noted, missing, invented, left_open."""
    import pandas as pd

    groups: dict[str, dict[str, int]] = {}
    for row in rows:
        names = ("cells", "right", "nonzero", "nonzero_right", "silent", "noted", "missing", "invented", "left open")
        g = groups.setdefault(f"{row['table']} ({row['form']})", dict.fromkeys(names, 0))
        outcome = row["outcome"]
        right = outcome in ("right", "left open")
        if outcome != "invented":
            g["cells"] += 1
            g["right"] += right
        if row["gold"] not in (None, 0) and outcome not in ("left open", "invented"):
            g["nonzero"] += 1
            g["nonzero_right"] += right
        if outcome != "right":
            g[outcome] += 1
    made = []
    for group, g in sorted(groups.items()):
        accuracy = g["right"] / g["cells"] if g["cells"] else float("nan")
        nonzero = g["nonzero_right"] / g["nonzero"] if g["nonzero"] else float("nan")
        row = {"group": group, "accuracy": accuracy, "nonzero_accuracy": nonzero}
        made.append(row | {k.replace(" ", "_"): v for k, v in g.items()})
    return pd.DataFrame(made)


def rule_table(facts: list[Row]) -> pd.DataFrame:
    """What each rule did: rule_id, decided_by, fired, right, wrong, precision, attributes_wrong, indicators; most wrong first.

    ``right`` are facts that gold has; ``attributes_wrong`` are those of them with a wrong channel, bound, unit, topic, range or change.
    """
    import pandas as pd

    rules: dict[tuple[str, str], Row] = {}
    for row in facts:
        if row["outcome"] == "missed":
            continue
        key = (str(row["rule_id"] or "none"), str(row["decided_by"] or "unknown"))
        made = rules.setdefault(key, {"fired": 0, "right": 0, "attributes_wrong": 0, "indicators": set()})
        made["fired"] += 1
        made["right"] += row["outcome"] == "right"
        made["attributes_wrong"] += bool(row["wrong"])
        made["indicators"].add(str(row["indicator"]))
    table = [
        {
            "rule_id": rule,
            "decided_by": decided_by,
            "fired": r["fired"],
            "right": r["right"],
            "wrong": r["fired"] - r["right"],
            "precision": r["right"] / r["fired"],
            "attributes_wrong": r["attributes_wrong"],
            "indicators": ", ".join(sorted(r["indicators"])),
        }
        for (rule, decided_by), r in rules.items()
    ]
    table.sort(key=lambda r: (-r["wrong"], -r["fired"], r["rule_id"], r["decided_by"]))
    columns = ["rule_id", "decided_by", "fired", "right", "wrong", "precision", "attributes_wrong", "indicators"]
    return pd.DataFrame(table, columns=columns)


def confusion_table(facts: list[Row]) -> pd.DataFrame:
    """Counts taken for another indicator or period: gold, predicted, n; the most frequent first."""
    import pandas as pd

    pairs: dict[tuple[str, str], int] = {}
    for row in facts:
        if row["outcome"] == "missed" and row["beside"]:
            key = (f"{row['indicator']} ({row['gold_period']})", row["beside"])
            pairs[key] = pairs.get(key, 0) + 1
    table = [{"gold": g, "predicted": p, "n": n} for (g, p), n in sorted(pairs.items(), key=lambda x: (-x[1], x[0]))]
    return pd.DataFrame(table, columns=["gold", "predicted", "n"])
