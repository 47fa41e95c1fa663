"""The page of the documentation that lists every table and column, made from the schema.

``python -m gia_nlp.frames.describe > docs/tables.md`` writes it; a test holds the page to the schema.
"""

from __future__ import annotations

from gia_nlp.frames.schema import Column, Table, pandas_dtype, tables

_INTRODUCTION = """# Output tables

Made from `gia_nlp/frames/schema.py` by `python -m gia_nlp.frames.describe > docs/tables.md`; do not edit by hand.

`gia-nlp tag` writes nine tables. Missing is null, never 0 or an empty text; lists are never null. Offsets are half-open
and count code points of `texts.text`; where a span is given, `text[start_char:end_char]` equals `quote` or `raw`.
`report_id` is `<name of the input root>/<relative path>` and joins the tables; `fact_id` is `<report_id>#f<n>`,
`item_id` is `<report_id>#i<n>`, numbered from 1 in text order.

| format | files |
|---|---|
| `parquet` | `<table>.parquet`, a file or a directory of parts |
| `csv` | `<table>.csv`, UTF-8 with a mark; lists as JSON; a text that a spreadsheet would run (opening with `= + - @`, a tab or a line end) has an apostrophe before it |
| `jsonl` | `<table>.jsonl`, an object a line with every column |
| `xlsx` | `tables.xlsx`, a sheet a table (`<table>_2` … beyond 1,048,576 rows); a text beyond 32,767 characters is cut, noted in `errors` and kept whole in `long_texts.csv` |
| `duckdb` | `tables.duckdb`, with every meaning below as a comment |

`gia-nlp.json` lists the files written; a later run replaces those, and no others.

**The document's answer** to an indicator: among its `current` mentions without a topic, those of channel `all`, else, if only
one channel occurs, those; of several, exact before bounded, then the first. Otherwise null. Parts are never summed.

**Money** in facts and in the panel is in 元; in `cells` it is as printed, with its unit.

**Tables parsed elsewhere** (`--tables FILE`) are CSV or Parquet: long (columns `report_id`, or `issuer` and `year`;
`form_table`, `form_row`, `form_column`, or `cell`; `value`; `unit` if there is one) or wide (a row a report, a column a
cell: `requests.received.total`, or `cell_requests_received_total` in the panel's units). They never overwrite what was
read: the panel gets a column `external_<table>_<row>_<column>` for each cell that the file has; where both sources have
a report and do not agree on a cell, `checks` gets a row with the rule `external.<table>.<row>.<column>`, ours on the left,
the file's on the right; rows that match no report, or several, get a row in `errors` (stage `finishing`).

**Agencies.** `panel.agency_id` is the same for all reports by one agency: `<place>:<department>`, the place by its administrative
code of today (綦江县 and 綦江区 are `500110`), or by its name where it is not listed (`青垄县:教育`), with its town behind a
slash (`青垄县/石塘:人民政府`). Short names and full ones are one (科委, 科学技术委员会), the place may have those above it in its
name or not, and what a reorganisation renamed is one as long as no year has both (教育局 and 教育体育局, 信访办 and 信访局, 乡 and
镇 of one name); a department put together from several continues none of them. It is null where the name leaves the agency open: a
word for a place whose name the report does not tell (区信访局), a township without its county, a name that several places
share (朝阳区). It stands in the panel, which is made anew each time, and not in `reports`: names that follow one another, and
places that share a name, are told by the other reports, so the same file may have another `agency_id` among other files.

**Checks between years** compare the reports (`is_report`) of one agency on two years that follow one another; `report_id` is the
later one and `other_report_id` the earlier, the first one where an agency has several on that year. A year that is not there leaves no
row. A blank counts as in the other checks.

| rule | scope | left | right | rows |
|---|---|---|---|---|
| `years.carry_over` | `carried_in.<column>` | carried in from last year | carried out in last year's report | all |
| `years.stock` | `<row>.in_force` (form `2021`) | in force | in force last year + issued - repealed | all |
| `years.cumulative` | `<row>.cumulative` (form `statistics`) | cumulative | cumulative of last year + year | all |
| `years.jump` | the cell | this year | last year | where one is more than ten times the other (and than 100); always `not_assessable`: a note |
| `years.same_text` | `text` | share of sentences in common | | `fails`: all sentences, numbers aside, are those of a report on an earlier year; `not_assessable`: at least 0.9 of them, in two years that follow |
| `years.duplicate_report` | the year | reports by the agency on the year | 1 | where there are several, at each but the first; always `fails` |

They do not count in `panel.checks_failed`, which tells of one report and must not depend on what else was read.
"""


def tables_page() -> str:
    """The page as Markdown."""
    return "\n".join([_INTRODUCTION, *(_table(table) for table in tables().values())])


def _table(table: Table) -> str:
    lines = [
        f"## `{table.name}`",
        "",
        f"A row is {table.row}.",
        "",
        "| column | type | null | meaning |",
        "|---|---|---|---|",
    ]
    families: dict[str, list[Column]] = {}
    for column in table.columns:
        if column.family:
            families.setdefault(column.family, []).append(column)
        else:
            lines.append(_line(f"`{column.name}`", column, column.meaning))
    for family, columns in families.items():
        first = columns[0]
        lines.append(_line(family, first, f"{len(columns)} columns, listed below"))
    for family, columns in families.items():
        lines += ["", f"{family}:", ""]
        lines += [f"- `{column.name}`: {column.meaning}" for column in columns]
    return "\n".join([*lines, ""])


def _line(name: str, column: Column, meaning: str) -> str:
    types = {"strings": "list of string", "numbers": "list of float64", "object": "list"}
    kind = types.get(column.type, pandas_dtype(column))
    return f"| {name} | {kind} | {'yes' if column.nullable else 'never'} | {meaning} |"


if __name__ == "__main__":
    import sys

    sys.stdout.write(tables_page())
