"""The public surface, so that no name comes or goes unnoticed."""

from __future__ import annotations

import subprocess
import sys

import pytest

import gia_nlp

PUBLIC = [
    "Cell", "Change", "Check", "Document", "Fact", "Issue", "Item", "ReadingError", "Report", "Section", "__version__",
    "load", "read", "read_frames", "tag", "tag_many", "tag_text", "to_frames", "write_frames", "write_reports",
]  # fmt: skip


def test_public_names() -> None:
    assert sorted(gia_nlp.__all__) == PUBLIC
    assert set(PUBLIC) <= set(dir(gia_nlp))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_is_there_and_explained(name: str) -> None:
    value = getattr(gia_nlp, name)
    assert name == "__version__" or value.__doc__


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        gia_nlp.nonsense  # noqa: B018


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, gia_nlp; assert not {'pandas', 'spacy', 'pyarrow', 'yaml'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
