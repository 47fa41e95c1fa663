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
