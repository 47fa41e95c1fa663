"""What the rows of a report depend on beside its file: the pipeline, its model, the vocabulary, the code, the libraries.

A ledger keeps this with every row; where it differs from today's, the rows are made anew.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

import gia_nlp
from gia_nlp.vocabulary.active import active, per_vocabulary

if TYPE_CHECKING:
    from spacy.language import Language

# What has no influence on a row is left out, so that a new command or page does not cost a run over all files.
_CODE = (
    "records.py", "pipeline.py", "components.py", "text", "linear", "reading", "structure", "language", "facts", "problems", "checking",
    "vocabulary", "frames/convert.py", "frames/schema.py", "frames/store.py", "running/worker.py",
)  # fmt: skip
_LIBRARIES = ("spacy", "rjieba", "jieba", "numpy", "scipy", "lxml", "pypdfium2", "charset-normalizer", "OpenCC")


@dataclass(frozen=True, slots=True)
class Identity:
    """``made_of`` names each part with its version or digest; ``tools`` are the optional readers that are there."""

    made_of: tuple[tuple[str, str], ...]
    tools: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """One short word for all parts but the tools, which only decide whether a file that failed is tried again."""
        return hashlib.sha256(repr(self.made_of).encode()).hexdigest()[:16]

    def changes_from(self, other: Identity) -> list[str]:
        """What differs, each as a few words.

        >>> Identity((("model", "a"), ("code", "1"))).changes_from(Identity((("model", "b"), ("code", "1"))))
        ['model (b → a)']
        """
        now, then = dict(self.made_of), dict(other.made_of)
        return [
            f"{name} ({then.get(name, 'none')} → {now.get(name, 'none')})"
            for name in dict.fromkeys((*now, *then))
            if now.get(name) != then.get(name)
        ]

    def to_dict(self) -> dict[str, object]:
        """Plain data for the ledger."""
        return {"made_of": dict(self.made_of), "tools": list(self.tools)}

    @classmethod
    def from_dict(cls, data: dict[str, dict[str, str]]) -> Identity:
        """The identity that :meth:`to_dict` described."""
        return cls(tuple(data["made_of"].items()), tuple(data.get("tools", ())))


def pipeline(model: str | None = None) -> Language:
    """The pipeline ``model``, a name or a folder; the default one for ``None``. Loaded once per process."""
    from gia_nlp.pipeline import load

    return load(model) if model else load()  # the two ways to ask for the default are two entries of its cache


@per_vocabulary
def identify(model: str | None = None) -> Identity:
    """The identity of the pipeline ``model`` (the default one for ``None``) in this process; loads it.

    >>> dict(identify().made_of)["gia_nlp"] == gia_nlp.__version__
    True
    """
    nlp = pipeline(model)
    package = Path(gia_nlp.__file__).parent
    return Identity(
        (
            ("gia_nlp", gia_nlp.__version__),
            ("pipeline", f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"),
            ("model", _digest(_files(nlp.path)) if getattr(nlp, "path", None) else "built"),
            ("vocabulary", _digest(_files(package / "vocabulary" / "data"))),
            ("user vocabulary", active().digest or "none"),
            ("code", _digest((p for name in _CODE for p in _files(package / name, "*.py")), package)),
            ("libraries", ", ".join(_versions())),
        ),
        _tools(),
    )


def _files(path: Path, pattern: str = "*") -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob(pattern) if p.is_file() and p.suffix != ".pyc")


def _digest(paths: Iterable[Path], root: Path | None = None) -> str:
    whole = hashlib.sha256()
    for path in paths:
        name = path.relative_to(root).as_posix() if root else path.name
        whole.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


def _versions() -> Iterable[str]:
    for name in _LIBRARIES:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            continue


def _tools() -> tuple[str, ...]:
    found = ["soffice"] if shutil.which("soffice") or shutil.which("libreoffice") else []
    return (*found, *(name for name in ("rapidocr",) if util.find_spec(name)))
