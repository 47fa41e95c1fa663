"""``gia-nlp annotate``: annotations to other tools and back, and what to annotate next."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gia_nlp.cli.messages import USAGE, Vocabulary, fail, fail_with, hold_vocabulary, say, set_up_logging

if TYPE_CHECKING:
    from gia_nlp.annotation.exchange import Exchanged

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Takes annotations to other tools and back, and picks what to annotate next.",
)


class Kind(StrEnum):
    """What is annotated."""

    facts = "facts"
    items = "items"
    both = "both"


class Tool(StrEnum):
    """Tools that annotations go to and come from."""

    labelstudio = "labelstudio"
    doccano = "doccano"
    spacy = "spacy"


_Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log more; twice for all.")]


@app.command("export")
def export(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE", help="A folder that tag wrote, a folder of gold files, or a JSONL of passages."
        ),
    ],
    to: Annotated[Tool, typer.Option("--to", help="The tool.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; replaced if it is there.")],
    vocabulary: Vocabulary = None,
    verbose: _Verbose = 0,
) -> None:
    """Writes documents with their marks for an annotation tool.

    What a program found goes out as a prediction to correct, gold answers as annotations. Label Studio and doccano also
    get the project's configuration, beside FILE. What the tool cannot hold is told on stderr.

    Exit code: 0 written, 2 wrong usage or a source that is not in the format, 1 nothing could be written.

    Examples:

      gia-nlp annotate export tables/ --to labelstudio --out tasks.json

      gia-nlp annotate export suggestions.jsonl --to doccano --out suggestions-doccano.jsonl
    """
    set_up_logging(verbose)
    hold_vocabulary(vocabulary)
    from gia_nlp.annotation.exchange import FORMATS, export_to, read_source
    from gia_nlp.annotation.records import GoldError

    try:
        done = export_to(to.value, read_source(source), out)
    except GoldError as error:
        fail_with(error, code=USAGE)
    except OSError as error:
        fail_with(error, about=str(out))
    _tell(done)
    say(f"  {FORMATS[to.value]}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the tool exported.")],
    from_: Annotated[Tool, typer.Option("--from", help="The tool.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the gold files, or a file that ends in .jsonl.")
    ],
    vocabulary: Vocabulary = None,
    verbose: _Verbose = 0,
) -> None:
    """Reads what people annotated in a tool and writes it in the gold format, which training and scoring read.

    Formats: JSON from Label Studio, JSONL from doccano (with relations), a DocBin (.spacy). DIR gets gold/*.json and documents/*.txt.

    Exit code: 0 written, 2 wrong usage or a file that is not the tool's, 1 nothing could be written.

    Examples:

      gia-nlp annotate import project-1.json --from labelstudio --out gold/

      gia-nlp annotate import all.jsonl --from doccano --out passages.jsonl
    """
    set_up_logging(verbose)
    hold_vocabulary(vocabulary)
    from gia_nlp.annotation.exchange import import_from
    from gia_nlp.annotation.records import GoldError

    if not file.is_file():
        fail(f"{file} is no file", code=USAGE)
    try:
        done = import_from(from_.value, file, out)
    except (GoldError, UnicodeDecodeError) as error:
        fail_with(error, about=str(file), code=USAGE)
    except OSError as error:
        fail_with(error, about=str(out))
    _tell(done)


@app.command("suggest")
def suggest(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="A folder that tag wrote (Parquet).")],
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, help="How many passages.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write (JSONL); replaced if it is there.")
    ],
    what: Annotated[
        Kind, typer.Option("--what", help="Prose with counts, sections on problems, or half of each.")
    ] = Kind.both,
    without: Annotated[
        list[Path] | None,
        typer.Option(
            "--without", metavar="GOLD", help="What was annotated before (folder or JSONL); may be given several times."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Decides between equals.")] = 0,
    vocabulary: Vocabulary = None,
    verbose: _Verbose = 0,
) -> None:
    """Picks the passages whose annotation teaches most, best first.

    Passages on which the pipeline was in doubt (scores near one half, rules and model at odds, counts that became no
    fact), unlike each other, of many kinds of agencies and years. Each comes with its predictions, its doubt and
    the reasons; the file goes on to: gia-nlp annotate export.

    Exit code: 0 written, 2 wrong usage or no tables, 1 nothing to suggest.

    Examples:

      gia-nlp annotate suggest tables/ --count 100 --out suggestions.jsonl

      gia-nlp annotate suggest tables/ --count 50 --what items --without gold/ --out next.jsonl
    """
    set_up_logging(verbose)
    hold_vocabulary(vocabulary)
    from gia_nlp.annotation.files import load_gold, save_gold
    from gia_nlp.annotation.records import GoldError
    from gia_nlp.annotation.suggesting import KINDS
    from gia_nlp.annotation.suggesting import suggest as pick

    if out.suffix != ".jsonl":
        fail(f"{out} does not end in .jsonl", code=USAGE)
    kinds = KINDS if what is Kind.both else (what.value,)
    try:
        before = [document for gold in without or () for document in load_gold(gold)]
        found = pick(folder, count, kinds=kinds, without=before, seed=seed)
    except GoldError as error:
        fail_with(error, code=USAGE)
    if not found:
        fail(f"{folder} holds no passage in doubt")
    try:
        save_gold(found, out)
    except OSError as error:
        fail_with(error, about=str(out))
    say(f"{len(found):,} passages in {out}")
    if len(found) < count:
        say(f"  {count - len(found):,} fewer than asked for: there are no more in doubt")
    for document in found[:3]:
        say(f"  {document.id}: {'; '.join(document.more['reasons'])}")
    say(f"  to annotate them: gia-nlp annotate export {out} --to labelstudio --out tasks.json")


def _tell(done: Exchanged) -> None:
    say(f"{done.documents:,} documents, {done.facts:,} facts, {done.items:,} problems and remedies in {done.files[0]}")
    for path in done.files[1:]:
        say(f"  configuration of the project: {path}")
    for line in done.notes.lines():
        say(f"  {line}")
