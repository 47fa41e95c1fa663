"""How far the scores of a system can be believed: of what it gave 0.8, are eight in ten right?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gia_nlp.learning.calibration import calibration

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]


def scored(mentions: dict[str, list[Row]]) -> dict[str, tuple[list[float], list[bool]]]:
    """Scores and whether they were right: of facts and items (in gold or not), of categories (of matched items)."""
    made: dict[str, tuple[list[float], list[bool]]] = {}
    for what in ("facts", "items"):
        rows = [r for r in mentions[what] if r["outcome"] != "missed" and r.get("score") is not None]
        if rows:
            made[what] = ([float(r["score"]) for r in rows], [r["outcome"] == "right" for r in rows])
    given = [
        (float(score), name in row["gold_categories"])
        for row in mentions["items"]
        if row["outcome"] == "right"
        for name, score in zip(row["categories"], row["category_scores"], strict=False)
    ]
    if given:
        made["categories"] = ([s for s, _ in given], [r for _, r in given])
    return made


def reliability_tables(mentions: dict[str, list[Row]], *, bins: int = 10) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The summary (what, ece, brier, n, score, right) and the reliability table (what, score, right, n; a row a bin).

    ``ece`` is the expected calibration error, ``brier`` the mean squared one; ``score`` is the mean score given, ``right`` the share
    that was right.
    """
    import pandas as pd

    summary: list[Row] = []
    table: list[Row] = []
    for what, (scores, right) in scored(mentions).items():
        found = calibration(scores, right, bins=bins)
        means = {"score": sum(scores) / len(scores), "right": sum(right) / len(right)}
        summary.append({"what": what, "ece": found["ece"], "brier": found["brier"], "n": found["n"], **means})
        table.extend({"what": what, **row} for row in found["reliability"])
    return (
        pd.DataFrame(summary, columns=["what", "ece", "brier", "n", "score", "right"]),
        pd.DataFrame(table, columns=["what", "score", "right", "n"]),
    )
