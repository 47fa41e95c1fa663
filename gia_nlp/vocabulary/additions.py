"""What a user's vocabulary adds to the package's data files: a function for each file from its content to the extended one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gia_nlp.vocabulary.user_file import LAST, UserCategory, UserIndicator, UserVocabulary


def additions(vocabulary: UserVocabulary) -> dict[str, Callable[[Any], Any]]:
    """A function for each data file that gets additions. The content that it is given stays as it is."""
    changes: dict[str, Callable[[Any], Any]] = {}
    units = [*vocabulary.units, *(u for i in vocabulary.indicators for u in i.units)]
    if vocabulary.indicators:
        changes["indicators"] = lambda base: _with_indicators(base, vocabulary.indicators)
        changes["fact_cues"] = lambda base: _with_cues(base, vocabulary.indicators)
        changes["denials"] = lambda base: _with_denials(base, vocabulary.indicators)
    if units:
        changes["quantities"] = lambda base: {**base, "units": list(dict.fromkeys([*base["units"], *units]))}
    if vocabulary.categories:
        changes["categories"] = lambda base: _with_categories(base, vocabulary.categories)
    if vocabulary.sections:
        changes["headings"] = lambda base: _with_titles(base, vocabulary.sections)
    if vocabulary.labels:
        changes["forms"] = lambda base: _with_labels(base, vocabulary.labels)
    return changes


def _with_indicators(base: dict[str, Any], added: tuple[UserIndicator, ...]) -> dict[str, Any]:
    merged = dict(base)
    for one in added:
        if one.zh is None:
            row = merged[one.id]
            merged[one.id] = {**row, "units": list(dict.fromkeys([*row["units"], *one.units]))}
        else:
            row = {"zh": one.zh, "units": list(one.units), "channelled": one.channelled, "money": one.money}
            merged[one.id] = row
    return merged


def _with_cues(base: dict[str, Any], added: tuple[UserIndicator, ...]) -> dict[str, Any]:
    merged = dict(base)
    for one in added:
        merged[one.id] = [*merged.get(one.id, ()), *one.cues]
    return merged


def _with_denials(base: dict[str, Any], added: tuple[UserIndicator, ...]) -> dict[str, Any]:
    objects = dict(base["objects"])
    for one in added:
        if one.denials:
            own = [objects[one.id]] if one.id in objects else []
            objects[one.id] = "|".join((*own, *(f"(?:{d})" for d in one.denials)))
    return {**base, "objects": objects}


def _with_categories(base: dict[str, Any], added: tuple[UserCategory, ...]) -> dict[str, Any]:
    merged = dict(base["categories"])
    last = {LAST: merged.pop(LAST)} if LAST in merged else {}
    for one in added:
        row = dict(last[LAST] if one.id == LAST and last else merged.get(one.id, {}))
        if one.zh is not None:
            row.update(zh=one.zh, duty=one.duty)
        for key, patterns in one.patterns.items():
            if patterns:
                row[key] = [*row.get(key, ()), *patterns]
        if one.topic:
            row["topic"] = f"{row['topic']}|{one.topic}" if row.get("topic") else one.topic
        (last if one.id == LAST else merged)[one.id] = row
    return {**base, "categories": {**merged, **last}}


def _with_titles(base: dict[str, Any], added: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    titles = {kind: [*listed, *added.get(kind, ())] for kind, listed in base["titles"].items()}
    return {**base, "titles": {**{kind: list(listed) for kind, listed in added.items()}, **titles}}


def _with_labels(base: dict[str, Any], added: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, Any]:
    merged = dict(base)
    for table, labels in added.items():
        parts = {}
        for part, key in (("rows", "cores"), ("columns", "cores"), ("indicators", "labels")):
            if part in base[table]:
                parts[part] = [
                    {**row, key: list(dict.fromkeys([*row[key], *labels.get(row["id"], ())]))}
                    for row in base[table][part]
                ]
        merged[table] = {**base[table], **parts}
    return merged
