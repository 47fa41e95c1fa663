"""Themes among the points that no category fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gia_nlp.mining.corpus import Corpus, MiningError

if TYPE_CHECKING:
    import pandas as pd

_QUOTES, _TERMS = 5, 6
_SMALL = 1500  # different quotes up to which groups are joined one by one, so that their number follows from the data
_APART = 0.85  # cosine distance from which such groups stay apart
_FEATURES = 20_000
_METHOD = (
    f"Different quotes as TF-IDF of their character 2- to 4-grams; up to {_SMALL} of them are joined by average linkage while the cosine distance is below {_APART}, more (or a given count) by "
    "MiniBatchKMeans. Groups are an aid to reading: look at the quotes before a theme is named."
)


def themes(
    corpus: Corpus, *, kind: str | None = None, count: int | None = None, seed: int = 0, most: int = 20_000
) -> pd.DataFrame:
    """Groups of items whose only category is ``other``, or that have none.

    ``kind``: problem, remedy or both. ``count``: how many groups (it follows from the data if not given). At most ``most`` different quotes are clustered, drawn by
    ``seed``. Columns: ``theme, terms (what sets it apart), items, reports, agencies, first_year, last_year, cohesion (mean cosine to the centre), quotes (up to five, the most typical
    first), item_ids (of these quotes)``. Largest first. ``frame.attrs["items"]``: how many items were looked at.
    """
    import pandas as pd

    if kind not in (None, "problem", "remedy"):
        raise MiningError(f"no kind is called {kind}", hint="problem or remedy")
    columns = ["theme", "terms", "items", "reports", "agencies", "first_year", "last_year", "cohesion", "quotes", "item_ids"]  # fmt: skip
    where = "" if kind is None else f"AND i.kind = '{kind}'"
    corpus.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE unsorted AS SELECT b.n, coalesce(b.agency_id, b.issuer, b.report_id) AS who, b.year, i.item_id, i.quote
        FROM items i JOIN base b USING (report_id) WHERE (i.categories = ['other'] OR len(i.categories) = 0) {where}"""
    )
    found = corpus.sql(
        "SELECT quote, count(*) AS many, min(item_id) AS item_id FROM unsorted GROUP BY quote ORDER BY hash(quote, ?), quote LIMIT ?",
        [seed, most],
    ).sort_values("quote", ignore_index=True)
    if len(found) < 2:
        return pd.DataFrame([], columns=columns)
    quotes = found["quote"].tolist()
    matrix, features = _features(quotes)
    labels = _labels(matrix, count, seed)
    corpus.connection.register("labelled", pd.DataFrame({"quote": quotes, "label": labels}))
    sizes = corpus.sql(
        """SELECT label, count(*) AS items, count(DISTINCT n) AS reports, count(DISTINCT who) AS agencies, min(year) AS first_year, max(year) AS last_year
        FROM unsorted JOIN labelled USING (quote) GROUP BY label ORDER BY items DESC, label"""
    )
    corpus.connection.unregister("labelled")
    overall = np.asarray(matrix.mean(axis=0)).ravel()
    ids = found["item_id"].tolist()
    rows = []
    for theme, row in enumerate(sizes.to_dict("records"), 1):
        members = np.flatnonzero(labels == row.pop("label"))
        centre = np.asarray(matrix[members].mean(axis=0)).ravel()
        closeness = np.asarray(matrix[members] @ centre).ravel() / (np.linalg.norm(centre) or 1.0)
        typical = members[np.argsort(-closeness, kind="stable")[:_QUOTES]]
        rows.append({
            "theme": theme, "terms": _terms(centre - overall, features), **row, "cohesion": float(closeness.mean()),
            "quotes": [quotes[i] for i in typical], "item_ids": [ids[i] for i in typical],
        })  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs.update(method=_METHOD, items=int(sizes["items"].sum()))
    return frame


def _features(quotes: list[str]) -> tuple[Any, NDArray[Any]]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(
        analyzer="char", ngram_range=(2, 4), min_df=1 if len(quotes) < 50 else 2, max_features=_FEATURES, sublinear_tf=True,
        dtype=np.float32,
    )  # fmt: skip
    return vectoriser.fit_transform(quotes), vectoriser.get_feature_names_out()


def _labels(matrix: Any, count: int | None, seed: int) -> NDArray[Any]:
    many = matrix.shape[0]
    if count is None and many <= _SMALL:
        from sklearn.cluster import AgglomerativeClustering

        distances = np.clip(1 - (matrix @ matrix.T).toarray(), 0, 2)
        np.fill_diagonal(distances, 0)
        joined = AgglomerativeClustering(
            n_clusters=None, metric="precomputed", linkage="average", distance_threshold=_APART
        )
        return np.asarray(joined.fit_predict(distances))
    from sklearn.cluster import MiniBatchKMeans

    groups = min(many, count or int(np.clip(round((many / 2) ** 0.5), 2, 40)))
    return np.asarray(MiniBatchKMeans(groups, random_state=seed, n_init=3, batch_size=2048).fit_predict(matrix))


def _terms(weights: NDArray[Any], features: NDArray[Any]) -> list[str]:
    """The strongest n-grams, longer ones instead of their parts."""
    chosen: list[str] = []
    for i in np.argsort(-weights * np.sqrt([len(f) for f in features]), kind="stable")[: 12 * _TERMS]:
        term = str(features[i])
        if weights[i] > 0 and not any(set(_pairs(term)) & set(_pairs(c)) for c in chosen):
            chosen.append(term)
        if len(chosen) == _TERMS:
            break
    return chosen


def _pairs(term: str) -> list[str]:
    return [term[i : i + 2] for i in range(len(term) - 1)]
