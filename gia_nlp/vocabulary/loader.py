"""Reads the vocabulary's data files.

Every list of words that the package goes by is a YAML file in ``gia_nlp/vocabulary/data``; the modules beside this one
turn each into typed, immutable records. Nothing is read at import time.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def load_yaml(name: str) -> Any:
    """The content of ``data/<name>.yaml``. Treat it as read-only: it is cached for the process.

    >>> sorted(load_yaml("characters"))[:1]
    ['invisible']
    """
    text = resources.files("gia_nlp.vocabulary").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)
