"""``gia-nlp evaluate``: predictions against gold answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gia_nlp.cli.messages import SOME_FAILED, USAGE, Vocabulary, fail, fail_with, hold_vocabulary, say, set_up_logging

if TYPE_CHECKING:
    from gia_nlp.learning.evaluation import GoldDocument, Predictions


def evaluate(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="A folder of gold JSON files, or annotated passages as JSON lines.")
    ],
    predictions: Annotated[
        Path | None, typer.Option("--predictions", metavar="DIR", help="Tables that gia-nlp tag wrote (Parquet).")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="NAME_OR_DIR", help="Read the documents now, with this pipeline."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="DIR", help="Tables of another system to compare with.")
    ] = None,
    baseline_model: Annotated[
        str | None,
        typer.Option("--baseline-model", metavar="NAME_OR_DIR", help="Another pipeline to compare with."),
    ] = None,
    documents: Annotated[
        list[Path] | None,
        typer.Option("--documents", metavar="PATH", help="Where the documents lie, for --model; else beside GOLD."),
    ] = None,
    split: Annotated[
        str | None, typer.Option("--split", metavar="NAME", help="Passages of this split only (train, dev, test).")
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="REGEX", help="Gold documents whose name matches.")
    ] = None,
    without: Annotated[
        str | None, typer.Option("--without", metavar="REGEX", help="Gold documents whose name does not match.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="DIR", help="Write tables (CSV), JSON and a page with every error in its place."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the measures as JSON.")] = False,
    bootstrap: Annotated[
        int, typer.Option("--bootstrap", metavar="N", min=0, help="Resamples for the intervals; 0 for none.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Seed of the resamples.")] = 0,
    vocabulary: Vocabulary = None,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log more; twice for all.")] = 0,
) -> None:
    """Scores predictions against gold answers, with 95% intervals over documents.

    Measures tables, counts in prose and their attributes, the documents' answers, problems and remedies, their status,
    categories and pairs. With a baseline: differences with intervals and p-values.

    Exit code: 0 every gold document has its report, 3 some have none (they count as missed), 2 wrong usage, 1 nothing
    could be scored.

    Examples:

      gia-nlp evaluate data/examples/gold --predictions tables/

      gia-nlp evaluate data/examples/gold --predictions new/ --baseline old/ --report evaluation/

      gia-nlp evaluate data/annotated/passages.jsonl --split dev --model zh_gia_rules --json
    """
    set_up_logging(verbose)
    hold_vocabulary(vocabulary)
    if predictions is not None and model is not None:
        fail("--predictions and --model exclude each other", code=USAGE)
    if predictions is None and model is None:
        fail("no predictions", hint="give tables with --predictions DIR, or a pipeline with --model NAME", code=USAGE)
    if baseline is not None and baseline_model is not None:
        fail("--baseline and --baseline-model exclude each other", code=USAGE)
    import json

    from gia_nlp.learning import evaluation as ev
    from gia_nlp.learning.evaluation.report import as_json as plain_data
    from gia_nlp.learning.evaluation.show import comparison_text

    try:
        documents_scored = ev.read_gold(gold, split=split, only=only, without=without)
        found = _predictions(gold, documents_scored, predictions, model, documents)
        other = None
        if baseline is not None or baseline_model is not None:
            other = _predictions(gold, documents_scored, baseline, baseline_model, documents)
    except (ev.GoldError, ev.PredictionsError) as error:
        fail_with(error, code=USAGE)
    except ev.PredictingError as error:
        fail_with(error)
    scored = ev.evaluate(documents_scored, found, resamples=bootstrap, seed=seed)
    if len(scored.absent) == len(documents_scored):
        fail(
            "no report matches any gold document",
            hint="names of reports must be the gold files' source, or their own name",
        )
    for document in documents_scored:
        if len(ids := found.candidates(document)) > 1:
            say(f"{document.name}: {len(ids)} reports have its name, {ids[0]} is scored")
    comparison = scored.compare(ev.evaluate(documents_scored, other, resamples=0)) if other is not None else None
    if as_json:
        typer.echo(json.dumps(plain_data(scored, comparison), ensure_ascii=False, indent=1))
    else:
        typer.echo(str(scored))
        if comparison is not None:
            typer.echo("\nagainst the baseline\n" + comparison_text(comparison))
    if report is not None:
        try:
            written = ev.write_report(scored, report, comparison=comparison, title=f"Evaluation on {gold.name}")
        except OSError as error:
            fail_with(error, about=str(report), code=USAGE)
        say(f"{len(written)} files in {report}; every error: {report / 'errors.html'}")
    if scored.absent:
        shown = ", ".join(scored.absent[:5]) + (" …" if len(scored.absent) > 5 else "")
        say(
            f"no report for {len(scored.absent)} of {len(documents_scored)} gold documents (counted as missed): {shown}"
        )
        raise typer.Exit(SOME_FAILED)


def _predictions(
    gold: Path, wanted: list[GoldDocument], folder: Path | None, model: str | None, places: list[Path] | None
) -> Predictions:
    from gia_nlp.learning.evaluation import Predictions, predict
    from gia_nlp.learning.evaluation.predicting import documents_beside

    if folder is not None:
        return Predictions.from_folder(folder)
    failed: list[str] = []
    beside = places or (documents_beside(gold) if gold.is_dir() else [])
    found = predict(wanted, model=model, documents=beside, failed=failed)
    for name in failed:
        say(f"failed: {name}")
    return found
