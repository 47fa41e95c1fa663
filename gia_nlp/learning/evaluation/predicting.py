"""Predictions made on the fly: annotated passages, or the documents beside a folder of gold answers.

A passage is read as the text of a report: its headings are found, its year is the annotated one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gia_nlp.learning.evaluation.gold import GoldDocument
from gia_nlp.learning.evaluation.predictions import Predictions
from gia_nlp.records import Fact, Item, Report

if TYPE_CHECKING:
    from spacy.language import Language

log = logging.getLogger(__name__)


class PredictingError(Exception):
    """No predictions can be made. ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def predict(
    gold: Iterable[GoldDocument],
    *,
    model: str | Path | Language | None = None,
    documents: Iterable[str | Path] = (),
    failed: list[str] | None = None,
) -> Predictions:
    """What a pipeline says of the documents that gold answers are about.

    ``model`` is a pipeline, its name or its folder (:func:`gia_nlp.load`); ``None`` is the default one. ``documents`` are folders, archives and
    files among which the documents are found by name (:func:`documents_beside` for a folder of gold files); passages bring their
    text. Documents that are missing or cannot be read are left out, and named in ``failed``.

    Raises :class:`PredictingError` if there is no such pipeline or none of the documents is found.
    """
    nlp = load_pipeline(model)
    gold = list(gold)
    reports = [predict_passage(g, nlp) for g in gold if g.text is not None]
    wanted = [g for g in gold if g.text is None]
    if wanted:
        lost = failed if failed is not None else []
        reports += _tagged(wanted, list(documents), nlp, lost)
        if not reports:
            names = ", ".join(g.source or g.name for g in wanted[:3])
            raise PredictingError(
                f"none of the documents is found ({names}, …)", hint="name their folders with --documents"
            )
    return Predictions.from_reports(reports)


def load_pipeline(model: str | Path | Language | None) -> Language:
    """A pipeline by its name or folder. Raises :class:`PredictingError` if there is none, or it finds no facts and items."""
    from gia_nlp.pipeline import load

    if model is None or isinstance(model, (str, Path)):
        try:
            nlp = load(Path(model) if model is not None and Path(model).is_dir() else model)
        except (OSError, ValueError) as error:
            raise PredictingError(f"no pipeline {model}: {error}", hint="give a name or a folder that holds config.cfg") from error  # fmt: skip
    else:
        nlp = model
    missing = [name for name in ("gia_facts", "gia_items") if name not in nlp.pipe_names]
    if missing:
        raise PredictingError(f"the pipeline has no {' and no '.join(missing)}")
    return nlp


def predict_passage(gold: GoldDocument, nlp: Language) -> Report:
    """A passage as a report that has the facts, or the items, that the pipeline finds in it."""
    from gia_nlp.pipeline import analyse_text

    text = gold.text or ""
    parts: dict[str, Any] = dict(nlp.pipeline)
    layout = analyse_text(text, year=gold.year)
    facts: tuple[Fact, ...] = parts["gia_facts"].find(text, layout) if "facts" in gold.answers else ()
    items: tuple[Item, ...] = ()
    none_reported = False
    if "items" in gold.answers:
        items, none_reported = parts["gia_items"].find(text, layout, parts.get("gia_categories"))
    return Report(
        report_id=f"passages/{gold.name}.txt",
        text=text,
        path="",
        format="text",
        sha256="",
        meta=replace(layout.metadata, none_reported=none_reported),
        sections=layout.sections,
        facts=facts,
        items=items,
    )


def documents_beside(gold_folder: str | Path) -> list[Path]:
    """Where the documents of a folder of gold files may lie: the folder itself, the one around it, and those beside it."""
    folder = Path(gold_folder).resolve()
    beside = sorted(p for p in folder.parent.iterdir() if p.is_dir() and p != folder and not p.name.startswith("."))
    return [folder, folder.parent, *beside]


def _tagged(gold: list[GoldDocument], places: list[str | Path], nlp: Language, failed: list[str]) -> Iterator[Report]:
    from gia_nlp.pipeline import tag_document
    from gia_nlp.reading import read_bytes

    sources = _find(gold, places)
    for document in gold:
        source = sources.get(document.name)
        if source is None:
            failed.append(document.source or document.name)
            continue
        try:
            read = read_bytes(source.read_bytes(), source.path)
            yield tag_document(read, report_id=f"documents/{document.source or source.name}", nlp=nlp)
        except Exception as error:  # whatever a document holds, the others are scored
            log.warning("%s: %s: %s", source.path, type(error).__name__, error)
            log.info("where it happened", exc_info=error)
            failed.append(source.path)


def _find(gold: list[GoldDocument], places: list[str | Path]) -> dict[str, Any]:
    """The source of each document, by its file name; the first place that has one of the name counts."""
    from gia_nlp.running.sources import find_sources

    by_name: dict[str, Any] = {}
    by_stem: dict[str, Any] = {}

    def add(source: Any) -> None:
        by_name.setdefault(source.name.rpartition("!/")[2], source)
        by_stem.setdefault(Path(source.name).stem, source)

    wanted = {g.source for g in gold} | {g.name for g in gold}
    for place in map(Path, places):
        # Not below subfolders: a folder of gold files may lie in the middle of anything.
        files = sorted(p for p in place.iterdir() if p.is_file()) if place.is_dir() else [place]
        for file in files:
            if file.suffix.lower() == ".zip" or file.name in wanted or file.stem in wanted:
                for source in find_sources([file]):
                    add(source)
    found = {g.name: by_name.get(g.source) or by_stem.get(g.name) for g in gold}
    return {name: source for name, source in found.items() if source is not None}
