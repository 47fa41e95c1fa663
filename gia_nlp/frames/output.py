"""A folder of output: made whole beside the old one, then put in place.

Everything is built in a hidden folder inside the target and moved by renaming, so that a run that is broken off leaves
what was there. A file ``gia-nlp.json`` lists what was written; these files a later run replaces. Other files are left
alone, and one that bears the name of a table but is not in that list is never overwritten.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gia_nlp import __version__
from gia_nlp.frames.export import EXPORTERS
from gia_nlp.frames.external import ExternalTables
from gia_nlp.frames.finishing import Finished, finish
from gia_nlp.frames.schema import tables
from gia_nlp.frames.store import Store
from gia_nlp.records import Report

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("parquet", "csv", "jsonl", "xlsx", "duckdb")
MANIFEST = "gia-nlp.json"


class OutputError(Exception):
    """A target that cannot be written. ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def expected_files(format: str) -> list[str]:
    """Names that a format may write."""
    if format == "xlsx":
        return ["tables.xlsx", "long_texts.csv"]
    if format == "duckdb":
        return ["tables.duckdb"]
    return [f"{name}.{format}" for name in tables()]


def read_manifest(target: str | Path) -> dict[str, Any]:
    """What stands in the list of files of an output folder; empty if there is none."""
    try:
        found = json.loads((Path(target) / MANIFEST).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) and isinstance(found.get("files"), list) else {}
    except (OSError, ValueError):
        return {}


def prepare_target(target: str | Path, format: str) -> None:
    """Makes the output folder. Raises :class:`OutputError` if it cannot be used for the format."""
    target = Path(target)
    if format not in FORMATS:
        raise OutputError(f"unknown format {format}", hint=f"one of {', '.join(FORMATS)}")
    written = read_manifest(target).get("files", ())
    foreign = [n for n in expected_files(format) if n not in written and (target / n).exists()]
    if foreign:
        raise OutputError(
            f"{target} holds {', '.join(foreign)}, which gia-nlp did not write",
            hint="choose another folder with --out, or move these files away",
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write to {target}: {error.strerror}", hint="choose another --out") from error


class Output:
    """An output folder in the making: add reports to ``store``, then :meth:`publish`. Use as a context manager.

    ``build`` is a folder on the same disk to work in, which must not be there yet; one with a name of its own if not given. With ``partition`` the Parquet
    tables are directories of files, each of about so many reports. Raises :class:`OutputError` at once if the target is a file, cannot be written or holds foreign files by our names.
    """

    def __init__(
        self, target: str | Path, format: str = "parquet", *, build: Path | None = None, partition: int | None = None
    ) -> None:
        prepare_target(target, format)
        self.target, self.format = Path(target), format
        self._written = set(read_manifest(self.target).get("files", ()))
        try:
            if build is not None:
                build.mkdir(parents=True)
            self._build = build or Path(tempfile.mkdtemp(prefix=".gia-nlp-", dir=self.target))
        except OSError as error:
            raise OutputError(
                f"cannot write to {self.target}: {error.strerror}", hint="choose another --out"
            ) from error
        self.store = Store(self._build / "parquet", partition=partition)

    def publish(self, external: ExternalTables | None = None, *, made_of: str | None = None) -> Finished:
        """Finishes the tables (panel, checks between years, external tables), turns them into the format and puts them in place.

        ``made_of`` is kept in the list of files once all of them are in place, for a caller who wants to know them again.
        """
        self.store.close()
        tables_folder = self._build / "parquet"
        finished = finish(tables_folder, external)
        if self.format == "parquet":
            names = [f"{name}.parquet" for name in tables()]
            made = tables_folder
        else:
            made = self._build / "made"
            made.mkdir()
            names = EXPORTERS[self.format](tables_folder, made)
        stale = {n for n in expected_files(self.format) if n in self._written} - set(names)
        # First the list of files, so that a run that is broken off here does not take its own files for foreign ones.
        self._write_manifest(self._written | set(names))
        for name in names:
            if (self.target / name).is_dir() or (made / name).is_dir():  # neither can take the other's place
                self._set_aside(name)
            (made / name).replace(self.target / name)
        for name in stale:
            self._set_aside(name)
        self._written = (self._written | set(names)) - stale
        self._write_manifest(self._written, made_of)
        return finished

    def _write_manifest(self, names: set[str], made_of: str | None = None) -> None:
        new = self._build / MANIFEST
        content = {"version": __version__, "format": self.format, "files": sorted(names)}
        if made_of is not None:
            content["made_of"] = made_of
        new.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        new.replace(self.target / MANIFEST)

    def _set_aside(self, name: str) -> None:
        """Out of the way; gone with the rest of what was built."""
        if (self.target / name).exists():
            (self.target / name).rename(self._build / f"old-{name}")

    def tables_folder(self) -> Path:
        """Where the Parquet tables lie before :meth:`publish`."""
        return self._build / "parquet"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.store.close()
        shutil.rmtree(self._build, ignore_errors=True)


def write_reports(
    reports: Iterable[Report], out: str | Path, *, format: str = "parquet", external: ExternalTables | None = None
) -> Finished:
    """Writes reports to the tables of a folder, as they come and in bounded memory.

    ``format`` is one of parquet, csv, jsonl, xlsx, duckdb. Raises :class:`OutputError` for a target of no use
    and ``ValueError`` for two reports of one id.
    """
    with Output(out, format) as output:
        for report in reports:
            output.store.add(report)
        return output.publish(external)


def write_frames(frames: dict[str, pd.DataFrame], out: str | Path, *, format: str = "parquet") -> None:
    """Writes DataFrames as :func:`gia_nlp.to_frames` gives them; tables that are missing become empty ones.

    Rows are written in the order of the table reports; the panel is made anew. Raises ``ValueError`` for rows whose
    report is not in that table.
    """
    from gia_nlp.frames.store import arrow_rows

    order = {report_id: n for n, report_id in enumerate(frames["reports"]["report_id"])} if "reports" in frames else {}
    with Output(out, format) as output:
        for name, frame in frames.items():
            if name == "panel":
                continue
            rows = plain_rows(frame)
            if name != "errors":
                rows.sort(key=lambda row: order.get(row["report_id"], len(order)))
            output.store.add_rows(name, arrow_rows(name, rows))
        output.publish()


def plain_rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of a DataFrame with every kind of missing as ``None``."""
    import pandas as pd

    def plain(value: object) -> object:
        if isinstance(value, list):
            return value
        if hasattr(value, "tolist") and not isinstance(value, (str, bytes)):
            value = value.tolist()
            if isinstance(value, list):
                return value
        return None if pd.isna(value) else value  # type: ignore[call-overload]

    names = list(frame.columns)
    return [dict(zip(names, map(plain, row), strict=True)) for row in frame.itertuples(index=False, name=None)]
