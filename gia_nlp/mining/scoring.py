"""How good a report is, by a formula that can be read and recomputed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from gia_nlp.mining.corpus import Corpus, MiningError
from gia_nlp.mining.harmonising import add_harmonised
from gia_nlp.mining.remedies import add_promises, add_unanswered
from gia_nlp.mining.repeating import add_repetition

if TYPE_CHECKING:
    import pandas as pd

#: The components and how much each counts.
WEIGHTS = {
    "cells_filled": 1.0,
    "sums_hold": 1.0,
    "prose_agrees": 1.0,
    "years_agree": 1.0,
    "figures_stated": 1.0,
    "problems_named": 1.0,
    "problems_answered": 1.0,
    "promises_told": 1.0,
    "own_words": 1.0,
}
#: The figures that a report is expected to state, in a table or in prose.
FIGURES = (
    "applications_received", "applications_processed", "reviews", "lawsuits", "normative_documents_issued", "items_published",
    "training_sessions", "meetings",
)  # fmt: skip
FORMULA = f"""score = 100 x sum(weight x component) / sum(weight), over the components that are not null:
cells_filled      (cells_printed) / (cells_printed + cells_empty): cells of the statutory tables; lost and ambiguous ones are left out
sums_hold         sums_held / (sums_held + sums_failed): sums of the form, blanks read as zero where they then hold
prose_agrees      prose_held / (prose_held + prose_failed): counts of the prose that a table repeats
years_agree       years_held / (years_held + years_failed): carried over, in force, cumulative against the agency's report on the year before
figures_stated    figures_found / {len(FIGURES)}: {", ".join(FIGURES)}
problems_named    1 if the report names a current problem, else 0
problems_answered problems_with_remedy / problems
promises_told     promises_kept / promises: remedies planned in the report on the year before that this one tells as done
own_words         1 - sentences_repeated / sentences_compared: sentences of the section on problems that stood in the report on the year before
The weights are a judgement, not a finding; lost cells of a bad scan are no fault of the agency and do not count."""


def quality(corpus: Corpus, *, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """A score a report, 0 to 100, with all it is made of.

    Columns: ``report_id, agency_id, issuer, region, level, agency_kind, year, form``, the components of :data:`WEIGHTS`, each 0 to 1 or null where there is nothing to judge, the counts that they
    are made of (``cells_printed, cells_empty, sums_held, sums_failed, prose_held, prose_failed, years_held, years_failed, figures_found, problems, problems_with_remedy, promises, promises_kept,
    sentences_compared, sentences_repeated``) and ``score``. ``frame.attrs["formula"]`` says the formula in words, ``frame.attrs["weights"]`` the weights. Raises
    :class:`MiningError` for the weight of an unknown component.
    """
    weighed = {**WEIGHTS, **(weights or {})}
    if unknown := set(weighed) - set(WEIGHTS):
        raise MiningError(
            f"no component is called {', '.join(sorted(unknown))}", hint=f"there are {', '.join(WEIGHTS)}"
        )
    corpus.need("cells", "checks")
    add_unanswered(corpus)
    add_promises(corpus)
    add_repetition(corpus)
    stated = [f"(h.{f} IS NOT NULL)::INT" for f in FIGURES if f in add_harmonised(corpus)]
    held = "status IN ('holds', 'holds_if_blank_is_zero')"
    kinds = {"prose": "starts_with(rule, 'prose.')", "years": "starts_with(rule, 'years.') AND rule NOT IN ('years.jump', 'years.same_text', 'years.duplicate_report')"}  # fmt: skip
    kinds["sums"] = "NOT starts_with(rule, 'prose.') AND NOT starts_with(rule, 'years.') AND NOT starts_with(rule, 'external.')"  # fmt: skip
    checked = ", ".join(
        f"count(*) FILTER (WHERE {rule} AND {held}) AS {name}_held, count(*) FILTER (WHERE {rule} AND status = 'fails') AS {name}_failed"
        for name, rule in kinds.items()
    )
    frame = corpus.sql(
        f"""WITH c AS (SELECT report_id, count(*) FILTER (WHERE kind IN ('number', 'zero', 'text')) AS cells_printed,
            count(*) FILTER (WHERE kind = 'empty') AS cells_empty FROM cells WHERE form_table <> 'unknown' GROUP BY report_id),
        k AS (SELECT report_id, {checked} FROM checks GROUP BY report_id),
        p AS (SELECT n, count(*) AS problems, count(*) FILTER (WHERE NOT unanswered) AS problems_with_remedy FROM current_problems GROUP BY n),
        q AS (SELECT next_n AS n, count(*) AS promises, count(*) FILTER (WHERE verdict = 'kept') AS promises_kept FROM promised WHERE next_n IS NOT NULL GROUP BY next_n)
        SELECT b.report_id, b.agency_id, b.issuer, b.region, b.level, b.agency_kind, b.year, b.form, {" + ".join(stated) or "0"} AS figures_found,
            coalesce(cells_printed, 0) AS cells_printed, coalesce(cells_empty, 0) AS cells_empty,
            {", ".join(f"coalesce({name}_{end}, 0) AS {name}_{end}" for name in kinds for end in ("held", "failed"))},
            coalesce(problems, 0) AS problems, coalesce(problems_with_remedy, 0) AS problems_with_remedy,
            coalesce(promises, 0) AS promises, coalesce(promises_kept, 0) AS promises_kept,
            coalesce(r.problem_sentences, 0) AS sentences_compared, coalesce(r.problem_repeated, 0) AS sentences_repeated
        FROM base b JOIN harmonised h USING (n) LEFT JOIN c USING (report_id) LEFT JOIN k USING (report_id) LEFT JOIN p USING (n) LEFT JOIN q USING (n)
        LEFT JOIN repetition r USING (n) ORDER BY b.n"""
    )
    return _scored(frame, weighed)


def _scored(frame: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    def share(part: pd.Series, whole: pd.Series) -> pd.Series:
        return part / whole.where(whole > 0)

    f = frame
    components = {
        "cells_filled": share(f["cells_printed"], f["cells_printed"] + f["cells_empty"]),
        **{
            name: share(f[f"{key}_held"], f[f"{key}_held"] + f[f"{key}_failed"])
            for name, key in (("sums_hold", "sums"), ("prose_agrees", "prose"), ("years_agree", "years"))
        },
        "figures_stated": f["figures_found"] / len(FIGURES),
        "problems_named": (f["problems"] > 0).astype(float),
        "problems_answered": share(f["problems_with_remedy"], f["problems"]),
        "promises_told": share(f["promises_kept"], f["promises"]),
        "own_words": 1 - share(f["sentences_repeated"], f["sentences_compared"]),
    }
    values = np.stack([components[name].to_numpy(dtype=float) for name in WEIGHTS], axis=1)
    weight = np.array([weights[name] for name in WEIGHTS]) * ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = 100 * (np.nan_to_num(values) * weight).sum(axis=1) / weight.sum(axis=1)
    who = ["report_id", "agency_id", "issuer", "region", "level", "agency_kind", "year", "form"]
    counts = [c for c in frame.columns if c not in who]
    out = frame[who].assign(score=score, **components)
    out = out[[*who, "score", *WEIGHTS]].join(frame[counts])
    out.attrs.update(formula=FORMULA, weights=dict(weights), method=FORMULA)
    return out
