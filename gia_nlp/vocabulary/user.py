"""A user's own vocabulary: indicators, categories, units and section titles added by a YAML file, without code.

Everything in the file is checked when it is read; an error names the file and the key.

>>> overlay = parse_vocabulary('''
... indicators:
...   open_days: {zh: 政府开放日, units: [场, 次], cues: [{words: 开放日, weight: 5}]}
... ''')
>>> from gia_nlp.vocabulary.active import using
>>> from gia_nlp.vocabulary.indicators import indicators
>>> with using(overlay):
...     indicators()["open_days"].units
('场', '次')
>>> "open_days" in indicators()
False
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml

from gia_nlp.vocabulary.active import ENVIRONMENT, OWN, Overlay, active, of_process, set_for_process, using
from gia_nlp.vocabulary.additions import additions
from gia_nlp.vocabulary.user_file import VocabularyError, check_vocabulary

_FILE = "vocabulary.yaml"  # in the folder of a part that remembers


def read_vocabulary(path: str | Path) -> Overlay:
    """The additions of a user's file. Raises :class:`VocabularyError`, naming file and key."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{path} cannot be read: {error}", hint="give a YAML file in UTF-8") from error
    return parse_vocabulary(text, path.name)


@cache
def parse_vocabulary(text: str, name: str = "vocabulary") -> Overlay:
    """The additions of a vocabulary given as YAML. Raises :class:`VocabularyError`, naming ``name`` and key."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise VocabularyError(f"{name}: no YAML: {error}", hint="put regular expressions in single quotes") from error
    with using(OWN):  # what is new is measured against the package's own
        vocabulary = check_vocabulary(data if data is not None else {}, name)
        changes = additions(vocabulary)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:16] if changes else ""
    return Overlay(name, text, digest, changes)


def use_vocabulary(source: str | Path | Overlay | None) -> Overlay:
    """From now on a user's vocabulary holds in this process and in the worker processes that it starts; ``None`` ends that.

    ``source`` is a YAML file, or additions that were read before (which worker processes do not see). Raises
    :class:`VocabularyError`.
    """
    if isinstance(source, (str, Path)):
        overlay = replace(read_vocabulary(source), name=str(source))
        os.environ[ENVIRONMENT] = str(Path(source).absolute())
    else:
        overlay = source if source is not None else OWN
        os.environ.pop(ENVIRONMENT, None)
    set_for_process(overlay)
    return overlay


def adopt_vocabulary(pipeline: str | Path) -> None:
    """Lets the vocabulary that a pipeline's folder remembers hold for the process, unless it has one already.

    For who makes tables of what other processes found; a name or a folder without a vocabulary changes nothing.
    """
    found = sorted(Path(pipeline).glob(f"*/{_FILE}")) if Path(pipeline).is_dir() else []
    if found and not of_process():
        set_for_process(read_vocabulary(found[0]))


class Remembers:
    """A part of a pipeline that keeps the vocabulary which it was made with, on disk too.

    ``vocabulary`` is ``None`` where it goes by whatever holds for the process.
    """

    vocabulary: Overlay | None = None

    def keep_vocabulary(self) -> None:
        """Takes what holds now, if anything was added to the package's own."""
        self.vocabulary = active() or None

    def write_vocabulary(self, folder: str | Path) -> None:
        """Writes ``vocabulary.yaml`` into a folder; removes one that is there if nothing was added."""
        path = Path(folder) / _FILE
        if self.vocabulary:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.vocabulary.text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)

    def read_vocabulary(self, folder: str | Path) -> None:
        """Takes over what :meth:`write_vocabulary` wrote."""
        path = Path(folder) / _FILE
        self.vocabulary = read_vocabulary(path) if path.is_file() else None
