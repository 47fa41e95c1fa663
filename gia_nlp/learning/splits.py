"""Annotated texts by split and author style, and folds that keep a style together.

A style is one author's way of writing: a sentence pattern may return within it. Whoever chooses a setting by cross-validation
over single texts is told too good a figure; here whole styles are held out.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def read_annotated(path: str | Path, splits: Iterable[str] = ("train", "dev")) -> list[dict[str, Any]]:
    """The annotated texts (a JSON object a line, with ``id``, ``text``, ``split``, ``style``) of the splits asked for.

    Raises ``OSError`` if the file cannot be read and ``ValueError`` if a line is no such object.
    """
    wanted, found = set(splits), []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            chosen = row["split"] in wanted
            row["text"], row["style"], row["id"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: no annotated text ({error!r})") from error
        if chosen:
            found.append(row)
    return found


def sha256(path: str | Path) -> str:
    """The digest of a data file, for the model card."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def grouped_folds(groups: Sequence[str], folds: int, *, seed: int = 0) -> list[tuple[list[int], list[int]]]:
    """``folds`` pairs (places to fit on, places held out); a group is held out whole, and each once.

    ``groups`` names the group (style) of each example. Larger groups are dealt out first, each to the smallest fold; the seed
    decides between equals. With fewer groups than folds there are as many folds as groups.

    >>> [held for _, held in grouped_folds(["a", "a", "b", "c"], 2)]
    [[0, 1], [2, 3]]
    """
    if folds < 2:
        raise ValueError("cross-validation needs two folds or more")
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    if len(sizes) < 2:
        raise ValueError("cross-validation needs two styles or more")
    names = sorted(sizes)
    random.Random(seed).shuffle(names)
    names.sort(key=lambda name: -sizes[name])
    loads = [0] * min(folds, len(names))
    fold_of: dict[str, int] = {}
    for name in names:
        fold = min(range(len(loads)), key=lambda f: (loads[f], f))
        fold_of[name] = fold
        loads[fold] += sizes[name]
    places = range(len(groups))
    return [
        ([i for i in places if fold_of[groups[i]] != fold], [i for i in places if fold_of[groups[i]] == fold])
        for fold in range(len(loads))
    ]
