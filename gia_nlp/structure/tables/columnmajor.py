"""Table ``requests`` printed column after column: all of 自然人, then all of 商业企业, … to all of 总计."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gia_nlp.structure.tables.freetext import Scan
from gia_nlp.structure.tables.masks import TOKEN
from gia_nlp.structure.tables.rows import Row
from gia_nlp.structure.tables.runs import Run
from gia_nlp.vocabulary.forms import requests_form

Token = tuple[str, int, int]
Turned = tuple[int, Scan, Run, str, int, int, list[Token]]
_LATER = {"other.not_corrected", "other.fee_unpaid"}  # rows that the form of 2019 has not
_LEAST = 10  # rows of a table with missing rows
_GENERATIONS = {len(requests_form(g).rows): g for g in ("2021", "2019")}
_FEWEST = 7 * min(_GENERATIONS)  # numbers of a whole table


def column_major(parts: Sequence[Row | Scan]) -> Iterator[Turned]:
    """The rows of such a table: (part, scan, run, row id, start, end, tokens); nothing if the document has none.

    Only exact counts are taken: seven columns with a number for every row of the form, or for every row that is listed
    before them. Tokens count from the run's start.
    """
    for place, part in enumerate(parts):
        if not isinstance(part, Scan):
            continue
        found = _in_columns(part) or _in_one_run(part)
        if not found:
            continue
        run, columns = found
        count = len(columns[0])
        listed = _listed(part, run)
        # As many rows as another form has may be a form with rows missing: the labels decide.
        if len(listed) == count:
            rows = listed
        elif count in _GENERATIONS and not (_GENERATIONS[count] == "2019" and _LATER & set(listed)):
            rows = [row.id for row in requests_form(_GENERATIONS[count]).rows]
        else:
            continue
        for k, row in enumerate(rows):
            tokens = [column[k] for column in columns]
            start, end = part.free.view.span(run.start + tokens[0][1], run.start + tokens[-1][2])
            yield place, part, run, row, start, end, tokens
        return


def _tokens(run: Run, base: int) -> list[Token]:
    return [(m.group(), run.start - base + m.start(), run.start - base + m.end()) for m in TOKEN.finditer(run.text)]


def _in_columns(scan: Scan) -> tuple[Run, list[list[Token]]] | None:
    """Seven runs of equal length, each behind its column's name, in the form's order."""
    order = [set(c.cores) for c in requests_form("2021").columns]
    text = scan.free.view.text
    # A number and the blank before it take two characters.
    runs = [r for r in scan.runs if len(r.text) >= 2 * _LEAST - 1 and len(r.tokens) >= _LEAST and not r.unit]
    for i in range(len(runs) - 6):
        group = runs[i : i + 7]
        if len({len(r.tokens) for r in group}) > 1:
            continue
        named = sum(
            r.before is not None and r.attached and "".join(text[r.before.start : r.before.end].split()) in order[k]
            for k, r in enumerate(group)
        )
        count = len(group[0].tokens)
        if named >= 6 and (count in _GENERATIONS or count == len(_listed(scan, group[0]))):
            return group[0], [_tokens(r, group[0].start) for r in group]
    return None


def _listed(scan: Scan, first: Run) -> list[str]:
    """The rows whose labels stand before the first column, in the form's order; empty where they do not stand in it."""
    if first.before is None:
        return []
    order = {row.id: i for i, row in enumerate(requests_form("2021").rows)}
    order["other"] = order["other.not_corrected"]
    stop = first.before.start
    start = max((r.end for r in scan.runs if r.end <= stop), default=0)
    found: list[str] = []
    for hit in scan.hits:
        if start <= hit.start < stop and hit.table == "requests" and (hit.kind == "row" or hit.id == "其他处理"):
            found.append(hit.id if hit.kind == "row" else "other")
    if "other" in found and any(id.startswith("other.") for id in found):
        found.remove("other")
    places = [order[id] for id in found]
    return found if places == sorted(set(places)) else []


def _in_one_run(scan: Scan) -> tuple[Run, list[list[Token]]] | None:
    """One run with all numbers, of which the sums tell that they stand column after column."""
    for run in scan.runs:
        if len(run.text) < 2 * _FEWEST - 1:
            continue
        count = len(run.tokens)
        rows = count // 7
        if count % 7 or rows not in _GENERATIONS or not all(t.isdigit() for t in run.tokens):
            continue
        tokens = _tokens(run, run.start)
        numbers = [int(t[0]) for t in tokens]
        by_row = sum(sum(numbers[i : i + 6]) == numbers[i + 6] for i in range(0, count, 7))
        by_column = sum(sum(numbers[k + c * rows] for c in range(6)) == numbers[k + 6 * rows] for k in range(rows))
        if by_column > by_row and by_column >= 0.9 * rows:
            return run, [tokens[c * rows : (c + 1) * rows] for c in range(7)]
    return None
