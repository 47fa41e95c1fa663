"""The ledger of an output folder: parts with the rows of what was done, each committed by one renaming.

``OUT/.gia-nlp/parts/<number>.zip`` (see :mod:`gia_nlp.running.parts`). There is no other list: what lies there was done, what does
not lie there was not. Of two parts with one report the one with the higher number holds. Only the holder of the
folder's lock writes here.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from gia_nlp.running.parts import Manifest, Part, PartError, read_manifest

log = logging.getLogger(__name__)
FOLDER = ".gia-nlp"


def part_numbers(folder: Path) -> list[int]:
    """The numbers of all parts of a ledger's folder, in order."""
    return sorted(int(p.stem) for p in (folder / "parts").glob("*.zip") if p.stem.isdigit())


def part_path(folder: Path, number: int) -> Path:
    """The file of a part."""
    return folder / "parts" / f"{number:08}.zip"


class Ledger:
    """The ledger in the output folder ``target``; what a killed run left half written is taken away."""

    def __init__(self, target: str | Path) -> None:
        self.folder = Path(target) / FOLDER
        self._parts = self.folder / "parts"
        self._parts.mkdir(parents=True, exist_ok=True)
        for left in self._parts.glob("*.new"):
            left.unlink()
        self.build = self.folder / "build"
        shutil.rmtree(self.build, ignore_errors=True)
        self._next = max(self.numbers(), default=0) + 1

    def numbers(self) -> list[int]:
        """The numbers of all parts, in order."""
        return part_numbers(self.folder)

    def path(self, number: int) -> Path:
        """The file of a part."""
        return part_path(self.folder, number)

    def commit(self, part: Part) -> int:
        """Writes a part, so that it is there whole or not at all, and returns its number."""
        number = self._next
        target = self.path(number)
        new = target.with_suffix(".new")
        with new.open("wb") as file:
            file.write(part.data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
        self._next += 1
        return number

    def manifests(self) -> Iterator[tuple[int, Manifest]]:
        """The manifests of all parts, in order. A damaged part is put aside with a warning; its files are read again."""
        for number in self.numbers():
            path = self.path(number)
            try:
                manifest = read_manifest(path)
            except PartError as error:
                log.warning("%s is of no use (%s); what it held is done again.", path, error)
                path.unlink(missing_ok=True)
                continue
            yield number, manifest

    def keep(self, numbers: Collection[int]) -> None:
        """Takes away the parts that hold nothing of the output any more."""
        for number in set(self.numbers()) - set(numbers):
            self.path(number).unlink(missing_ok=True)

    def clear(self) -> None:
        """Takes all parts away."""
        self.keep(())
