"""The tasks that can be trained, by name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from gia_nlp.learning.config import read_config
from gia_nlp.learning.intervals import Score

# Module, settings and function of each; imported only when asked for.
_TASKS = {
    "facts": ("gia_nlp.learning.facts", "FactSettings", "train_facts"),
    "items": ("gia_nlp.learning.items", "ItemSettings", "train_items"),
    "categories": ("gia_nlp.learning.categories", "CategorySettings", "train_categories"),
}


def tasks() -> tuple[str, ...]:
    """Names of the tasks.

    >>> tasks()
    ('facts', 'items', 'categories')
    """
    return tuple(_TASKS)


def train(task: str, config: str | Path, out: str | Path) -> list[Score]:
    """Trains a task from a configuration file, writes model and card into a folder and returns the card's scores.

    Raises ``KeyError`` for an unknown task, :class:`gia_nlp.learning.config.ConfigError` for a configuration that cannot
    be used, ``ValueError`` for such data, ``OSError`` for files that cannot be read or written.
    """
    module_name, settings, function = _TASKS[task]
    module = import_module(module_name)
    scores: list[Score] = getattr(module, function)(read_config(config, getattr(module, settings)), out)
    return scores
