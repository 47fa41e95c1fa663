"""Evaluations as text for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from gia_nlp.learning.evaluation.evaluation import Evaluation


def measures_text(evaluation: Evaluation) -> str:
    """The measures, one a line, with intervals."""
    lines = [f"{'documents':18}{len(evaluation.results)}"]
    for row in evaluation.measures.to_dict("records"):
        kind, value = row["kind"], row["value"]
        shown = f"{int(value)}" if kind == "count" else f"{value:.3f}"
        parts = [f"{row['measure']:18}{kind:9} {shown:>6}", _interval(row, whole=kind == "count").ljust(16)]
        if kind == "f1":
            parts.append(f"P {row['precision']:.3f}  R {row['recall']:.3f}")
        parts.append(f"n {row['n']:,}")
        lines.append("  ".join(parts))
    for row in evaluation.calibration.to_dict("records"):
        lines.append(
            f"{row['what'] + ' scores':18}{'ece':9} {row['ece']:6.3f}  {'':16}  "
            f"mean score {row['score']:.3f}, right {row['right']:.3f}  n {row['n']:,}"
        )
    return "\n".join(lines)


def comparison_text(table: pd.DataFrame) -> str:
    """A comparison, one measure a line: both values, their difference with its interval, p and Holm's p."""
    lines = [
        f"{'measure':18}{'value':>8}{'baseline':>10}{'difference':>12}  {'95% interval':20}{'p':>8}{'p (Holm)':>10}"
    ]
    for row in table.to_dict("records"):
        whole = row["kind"] == "count"
        values = [f"{row[k]:.0f}" if whole else f"{row[k]:.3f}" for k in ("value", "baseline")]
        difference = f"{row['difference']:+.0f}" if whole else f"{row['difference']:+.3f}"
        lines.append(
            f"{row['measure']:18}{values[0]:>8}{values[1]:>10}{difference:>12}  {_interval(row, whole=whole, signed=True):20}"
            f"{row['p']:>8.4f}{row['p_holm']:>10.4f}"
        )
    return "\n".join(lines)


def _interval(row: dict[Any, Any], *, whole: bool, signed: bool = False) -> str:
    low, high = row["low"], row["high"]
    if math.isnan(low) or math.isnan(high):
        return ""
    form = ("+" if signed else "") + (".0f" if whole else ".3f")
    return f"[{low:{form}}, {high:{form}}]"
