"""Reads the vocabulary's data files.

Every list of words that the package goes by is a YAML file in ``gia_nlp/vocabulary/data``; the modules beside this one
turn each into typed, immutable records. Nothing is read at import time. Where a user's vocabulary adds to a file, its content
comes with the additions (:mod:`gia_nlp.vocabulary.user`).
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

from gia_nlp.vocabulary.active import active, per_vocabulary


def load_yaml(name: str) -> Any:
    """The content of ``data/<name>.yaml``, with a user's additions. Treat it as read-only: it is cached for the process.

    >>> sorted(load_yaml("characters"))[:1]
    ['invisible']
    """
    return _extended(name) if name in active().changes else _packaged(name)


@per_vocabulary
def _extended(name: str) -> Any:
    return active().changes[name](_packaged(name))


@cache
def _packaged(name: str) -> Any:
    text = resources.files("gia_nlp.vocabulary").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)
