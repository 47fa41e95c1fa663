"""The parts assembled: one spaCy pipeline for the prose, and the functions that tag whole reports.

:func:`tag` is what most users need. The spaCy components ``gia_facts``, ``gia_items`` and ``gia_categories`` do the work on
prose; called on a plain text (``nlp(text)``) they take all of it as prose and find its sections by heading, called
through :func:`tag` they go by the document's layout. Tables are parsed outside spaCy.

>>> report = tag_text("三、依申请公开\\n全年收到申请12件，均已办结。")
>>> [(f.indicator, f.value, f.quote) for f in report.facts]
[('requests_received', 12.0, '12件')]
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gia_nlp import __version__
from gia_nlp.records import Document, Issue, Layout, Metadata, Report
from gia_nlp.vocabulary.active import Overlay, active, of_process, set_for_process, using
from gia_nlp.vocabulary.user import Remembers, VocabularyError, use_vocabulary

if TYPE_CHECKING:
    from spacy.language import Language

    from gia_nlp.facts.model import FactModel
    from gia_nlp.problems.models import ItemModels

DEFAULT = "zh_gia"  # rules and models
RULES = "zh_gia_rules"
_ABOUT = "Counts, problems and remedies in 政府信息公开工作年度报告"
_NO_LIMIT = 10**9  # no parser and no embedding: memory grows with the text only


# --------------------------------------------------------------------------- the default pipeline


def build(name: str = RULES, *, facts: FactModel | None = None, items: ItemModels | None = None) -> Language:
    """A pipeline from its parts: our tokenizer, the finders of facts and items, their categories.

    Without models the rules decide alone. ``name`` is the pipeline's, with its language.
    """
    import spacy

    from gia_nlp.components import FACTORIES

    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "gia_nlp.JiebaTokenizer.v1"}}})
    nlp.meta.update(
        name=name.removeprefix("zh_"),
        version=__version__,
        description=f"{_ABOUT}, by {'rules and models' if facts or items else 'rules'}.",
        license="Apache-2.0",
    )
    nlp.max_length = _NO_LIMIT
    for part in FACTORIES:
        nlp.add_pipe(part)
    parts: dict[str, Any] = dict(nlp.pipeline)
    parts["gia_facts"].model = facts
    if items is not None:
        parts["gia_items"].models = items.of_finder() or None
        parts["gia_categories"].models = items.of_setter() or None
    return nlp


def load(path: str | Path | None = None, *, vocabulary: str | Path | None = None) -> Language:
    """The saved default pipeline, or the one in ``path``: a folder, or the name of one that is shipped: ``zh_gia`` (rules and
    models, the default) or ``zh_gia_rules`` (rules alone).

    Loaded once per process and vocabulary.

    ``vocabulary`` is a YAML file that adds indicators and categories (docs/extending.md). From then on it holds for this process
    and its workers, and what is saved with ``nlp.to_disk`` remembers it. Raises ``OSError`` if ``path`` holds no pipeline and
    :class:`gia_nlp.vocabulary.user.VocabularyError` for a vocabulary that is not in the format.
    """
    given = use_vocabulary(vocabulary) if vocabulary is not None else None
    name = None if path is None else str(path)
    nlp = _loaded.get((name, active().digest)) or _load(name)
    _loaded[name, active().digest] = nlp
    own = _own_vocabulary(nlp)
    if own and given and own.digest != given.digest:
        raise VocabularyError(
            f"{path} was made with a vocabulary of its own ({own.name}), not with {given.name}",
            hint="load it without a vocabulary, or train it again with the new one",
        )
    if own and not of_process():
        set_for_process(own)  # tables made of its reports have its columns
        _loaded[name, own.digest] = nlp
    return nlp


_loaded: dict[tuple[str | None, str], Language] = {}


def _load(path: str | None) -> Language:
    import spacy

    import gia_nlp.components  # noqa: F401  # without the package's entry points, spaCy knows the factories from here

    source = _packaged_model(path or DEFAULT) or (Path(path) if path else None)
    if source is None:
        raise OSError(
            f"the pipeline {DEFAULT} is missing from this installation: install gia-nlp again, or in a checkout run make models"
        )
    nlp = spacy.load(source)
    nlp.max_length = _NO_LIMIT
    for part in _remembering(nlp):
        if part.vocabulary is None:
            part.keep_vocabulary()
    return nlp


def _remembering(nlp: Language) -> list[Remembers]:
    parts: list[Any] = [part for _, part in nlp.pipeline]
    return [part for part in parts if isinstance(part, Remembers)]


def _own_vocabulary(nlp: Language) -> Overlay | None:
    return next((part.vocabulary for part in _remembering(nlp) if part.vocabulary), None)


def _packaged_model(name: str) -> Path | None:
    """A shipped pipeline's folder: inside the wheel, or ``models/`` of a checkout; ``None`` for a name that is not shipped."""
    if not name.isidentifier():  # a path
        return None
    package = Path(str(resources.files("gia_nlp")))
    for folder in (package / "_models" / name, package.parent / "models" / name):
        if (folder / "config.cfg").is_file():
            return folder
    return None


# --------------------------------------------------------------------------- whole reports


def tag(source: str | Path | Document, *, report_id: str | None = None) -> Report:
    """Reads and tags one report.

    Raises :class:`gia_nlp.reading.ReadingError` if the file cannot be read.
    """
    if isinstance(source, Document):
        return tag_document(source, report_id=report_id)
    from gia_nlp.reading import read

    path = Path(source)
    return tag_document(read(path), report_id=report_id or _default_id(path))


def _default_id(path: Path) -> str:
    """``folder/name``, as for a file that the command line names."""
    folder = path.absolute().parent.name
    return f"{folder}/{path.name}" if folder else path.name


def tag_text(text: str, *, report_id: str = "text") -> Report:
    """Tags a text: a report, or a passage of one."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return tag_document(Document(text=text, sha256=digest), report_id=report_id)


def tag_many(sources: Iterable[str | Path | Document]) -> Iterator[Report]:
    """Tags reports one after the other; a file that cannot be read gives a report with nothing but ``errors``."""
    from gia_nlp.reading import ReadingError

    for source in sources:
        try:
            yield tag(source)
        except (ReadingError, OSError) as error:
            path = str(source)
            yield failed_report(_default_id(Path(path)), path, error, stage="reading")


def analyse_text(text: str, *, year: int | None = None) -> Layout:
    """The layout of a text; a ``year`` that is given is the report's, whatever years the text names (a passage names others)."""
    from gia_nlp.structure import analyse

    layout = analyse(Document(text=text))
    if year is None:
        return layout
    return replace(layout, metadata=replace(layout.metadata, year=year))


def failed_report(report_id: str, path: str, error: Exception, *, stage: str) -> Report:
    """The report of a file from which nothing could be had: only its ``errors`` say something."""
    message = str(getattr(error, "message", error)) or repr(error)  # without the hint, which has its own place
    issue = Issue(stage, type(error).__name__, message, getattr(error, "hint", None))
    return Report(report_id, "", path, "", "", Metadata(), errors=(issue,), pipeline_version=__version__)


@contextmanager
def no_collection() -> Iterator[None]:
    """Holds Python's search for cyclic rubbish while a report is read.

    It goes over all objects again and again while their number grows, and what a report makes has no cycles: of a report of
    5 MB it took a third of the time, 2.3 instead of 1.5 microseconds a character.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def tag_document(document: Document, *, report_id: str | None = None, nlp: Language | None = None) -> Report:
    """Tags a document that was read already: structure, prose, checks. ``nlp`` is another pipeline than the default one."""
    from gia_nlp.checking import check
    from gia_nlp.structure import analyse

    nlp = nlp or load()
    # The finders alone, without a Doc: tables need no tokens, and tokens for all of a report cost more than the rules.
    parts: dict[str, Any] = dict(nlp.pipeline)
    with using(_own_vocabulary(nlp)), no_collection():  # it may have titles of sections and labels of forms too
        layout = analyse(document)
        facts = parts["gia_facts"].find(document.text, layout)
        items, none_reported = parts["gia_items"].find(document.text, layout, parts.get("gia_categories"))
        cells, checks = check(document.text, layout, facts)
    return Report(
        report_id=report_id or Path(document.path).name or "text",
        text=document.text,
        path=document.path,
        format=document.format,
        sha256=document.sha256,
        meta=replace(layout.metadata, none_reported=none_reported),
        sections=layout.sections,
        cells=cells,
        checks=checks,
        facts=facts,
        items=items,
        errors=document.warnings + layout.warnings,
        pipeline_version=f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}",
    )
