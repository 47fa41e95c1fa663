"""Every output table and column with its type and meaning: the one source for code, files and documentation.

Missing is null, never 0 or ``""``. Offsets are half-open and count code points of ``texts.text``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from gia_nlp.vocabulary.active import per_vocabulary
from gia_nlp.vocabulary.categories import categories
from gia_nlp.vocabulary.indicators import indicators
from gia_nlp.vocabulary.panel import main_cells

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ColumnType = Literal["string", "integer", "number", "boolean", "strings", "numbers"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``family`` names the pattern of columns that differ only in a name, for the documentation."""

    name: str
    type: ColumnType
    meaning: str
    nullable: bool = True
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what a row is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [c.name for c in self.columns]

    def with_columns(self, *columns: Column) -> Table:
        """The table with more columns at its end; those it has already stay as they are."""
        return Table(self.name, self.row, self.columns + tuple(c for c in columns if c.name not in self.names))


def _text(name: str, meaning: str, *, null: bool = True) -> Column:
    return Column(name, "string", meaning, null)


def _number(name: str, meaning: str, *, null: bool = True) -> Column:
    return Column(name, "number", meaning, null)


def _integer(name: str, meaning: str, *, null: bool = True) -> Column:
    return Column(name, "integer", meaning, null)


_REPORT_ID = _text("report_id", "the report: `<name of the input root>/<relative path>`", null=False)
_START = _integer("start_char", "first character in `texts.text`; null where the words do not stand there")
_END = _integer("end_char", "one past the last character")
_EVIDENCE = (
    _integer("start_char", "first character in `texts.text`", null=False),
    _integer("end_char", "one past the last character", null=False),
    _text("quote", "`text[start_char:end_char]`", null=False),
)
_DECIDED_BY = _text("decided_by", "`rule`, `model` or `both`", null=False)
_SCORE = _number("score", "how sure the decision is, 0 to 1", null=False)
_METADATA = (
    _text("title", "title as printed"),
    _text("issuer", "the agency that reports"),
    _text("region", "the administrative region it belongs to"),
    _text("adcode", "the region's administrative code"),
    _text("level", "administrative level"),
    _text("agency_kind", "what kind of agency it is"),
    _integer("year", "the year that the report is about"),
    _text("published_on", "date of publication, ISO 8601"),
    _text("form", "generation of the form, by table 二: `free`, `statistics`, `2019`, `2021`"),
    Column("is_report", "boolean", "whether the document is an annual disclosure report", False),
    Column("none_reported", "boolean", "the report says that it has no problem to report", False),
)

TEXTS = Table("texts", "a report", (
    _REPORT_ID,
    _text("text", "the text that all offsets point into", null=False),
    _text("text_sha256", "SHA-256 of the text in UTF-8", null=False),
))  # fmt: skip
REPORTS = Table("reports", "a report", (
    _REPORT_ID,
    _text("path", "where the file lies"),
    _text("format", "format of the file"),
    _text("sha256", "SHA-256 of the file"),
    *_METADATA,
    _integer("characters", "length of the text in code points", null=False),
    _text("language_note", "what is unusual about the script or language"),
    _text("pipeline_version", "name and version of the pipeline that read it"),
))  # fmt: skip
SECTIONS = Table("sections", "a section", (
    _REPORT_ID,
    _text("section", "id of the section; `preamble` and `unknown` included", null=False),
    _text("heading", "heading as printed; null where there is none"),
    _integer("start_char", "first character of the heading", null=False),
    _integer("end_char", "one past the section's last character", null=False),
))  # fmt: skip
CELLS = Table("cells", "a cell of a recognised table, blank and lost ones too", (
    _REPORT_ID,
    _text("form", "generation of the table's form"),
    _text("form_table", "`proactive`, `requests`, `review_litigation`, `statistics`, `unknown`", null=False),
    _text("form_row", "id of the row", null=False),
    _text("form_column", "id of the column", null=False),
    _number("value", "the number as printed; null for a blank, lost or ambiguous cell"),
    _text("unit", "unit as printed"),
    _text("kind", "`number`, `zero`, `empty`, `text`, `lost`, `ambiguous`", null=False),
    _text("raw", "`text[start_char:end_char]`; a glued run whole; null where nothing is printed"),
    _text("note", "why the cell was read this way, or could not be"),
    _START,
    _END,
))  # fmt: skip
CHECKS = Table("checks", "a sum of the form or a cross-check", (
    _REPORT_ID,
    _text("other_report_id", "the other report, of a check between two"),
    _text("rule", "which sum or comparison; `external.<cell>` compares with a table parsed elsewhere, `years.…` with another year", null=False),
    _text("scope", "which row, column or table", null=False),
    _number("left_value", "what is printed on the left"),
    _number("right_value", "what it should equal"),
    _number("difference", "left minus right"),
    _text("status", "`holds`, `fails`, `holds_if_blank_is_zero`, `not_assessable`", null=False),
    _text("note", "which reading held, which file it was compared with"),
))  # fmt: skip
FACTS = Table("facts", "a mention of a count in prose", (
    _REPORT_ID,
    _text("fact_id", "`<report_id>#f<n>`, in text order", null=False),
    _text("indicator", "what is counted", null=False),
    _number("value", "the count; money in 元", null=False),
    _number("value_max", "upper end of a range"),
    _text("bound", "`exact`, `at_least`, `about`", null=False),
    _text("unit", "unit as printed, without 万 and 余"),
    _text("channel", "where it was published, visited or followed; `all` for everything else", null=False),
    _text("period", "`current`, `previous`, `cumulative`, `planned`", null=False),
    _text("topic", "the words that narrow the count; null for a total"),
    _number("change_value", "change on last year"),
    _text("change_unit", "unit of the change, or %"),
    _text("change_direction", "`up` or `down`"),
    _text("section", "section it stands in", null=False),
    *_EVIDENCE,
    _DECIDED_BY,
    _text("rule_id", "the rule that decided"),
    _SCORE,
))  # fmt: skip
ITEMS = Table("items", "a problem or a remedy", (
    _REPORT_ID,
    _text("item_id", "`<report_id>#i<n>`, in text order", null=False),
    _text("kind", "`problem` or `remedy`", null=False),
    _text("status", "problems: `current`, `previous`; remedies: `done`, `planned`", null=False),
    *_EVIDENCE,
    Column("categories", "strings", "what it is about", False),
    Column("category_scores", "numbers", "how sure each category is, in the same order", False),
    Column("remedies", "strings", "item_ids of the remedies that answer a problem", False),
    _DECIDED_BY,
    _SCORE,
))  # fmt: skip
ERRORS = Table("errors", "a file that failed or was read in part", (
    _text("report_id", "the report; null for what belongs to none"),
    _text("path", "where the file lies"),
    _text("stage", "where it went wrong: reading, structure, facts, running, finishing, writing", null=False),
    _text("error", "class of the error", null=False),
    _text("message", "what happened", null=False),
    _text("hint", "what to do about it"),
))  # fmt: skip


def _panel() -> Table:
    agency = "the agency, the same for all spellings of its name and over its reorganisations; null where it is open"
    columns = [_REPORT_ID, *_METADATA, _text("agency_id", agency)]
    answer, fact = "`answer_<indicator>`", "`answer_<indicator>_fact_id`"
    for name, indicator in indicators().items():
        unit = "in 元" if indicator.money else "as printed"
        columns += [
            Column(f"answer_{name}", "number", f"the document's answer: {indicator.zh}, {unit}", family=answer),
            Column(f"answer_{name}_fact_id", "string", f"the fact that answers: {indicator.zh}", family=fact),
        ]
    for cell in main_cells().values():
        unit = ", in 元" if cell.money else ""
        family = "`cell_<table>_<row>_<column>`"
        columns.append(Column(f"cell_{cell.name}", "number", f"cell `{cell.key}`{unit}", family=family))
    for kind, meaning in (("problem", "names a current problem of"), ("remedy", "names a remedy of")):
        for category in categories():
            text = f"the report {meaning} `{category}`; null if it lists no items"
            columns.append(Column(f"{kind}_{category}", "boolean", text, family=f"`{kind}_<category>`"))
    columns.append(
        _integer(
            "checks_failed",
            "how many of its own checks fail; external ones and those between years left out",
            null=False,
        )
    )
    return Table("panel", "a report", tuple(columns))


@per_vocabulary
def tables() -> dict[str, Table]:
    """All tables by name, in the order in which they are written.

    >>> tables()["facts"].names[:3]
    ['report_id', 'fact_id', 'indicator']
    """
    listed = (REPORTS, _panel(), FACTS, ITEMS, CELLS, CHECKS, SECTIONS, TEXTS, ERRORS)
    return {table.name: table for table in listed}


def base_tables() -> tuple[str, ...]:
    """Names of the tables whose rows come from one report alone; the panel is made from them."""
    return tuple(name for name in tables() if name != "panel")


def arrow_schema(table: Table) -> pa.Schema:
    """The table's Arrow schema; a column that is never null is declared so."""
    import pyarrow as pa

    types: dict[ColumnType, Any] = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "strings": pa.list_(pa.string()),
        "numbers": pa.list_(pa.float64()),
    }
    return pa.schema([pa.field(c.name, types[c.type], nullable=c.nullable) for c in table.columns])


def pandas_dtype(column: Column) -> str:
    """The dtype of the column in a DataFrame; lists are objects.

    >>> [pandas_dtype(c) for c in tables()["reports"].columns if c.name in ("year", "form", "is_report")]
    ['Int64', 'string', 'bool']
    """
    if column.type == "boolean":
        return "boolean" if column.nullable else "bool"
    return {"string": "string", "integer": "Int64", "number": "float64"}.get(column.type, "object")


def to_pandas(table: Table, data: pa.Table) -> pd.DataFrame:
    """An Arrow table as a DataFrame with the schema's dtypes; columns that the schema does not know keep theirs."""
    import pandas as pd

    known = {c.name: c for c in table.columns}
    series: dict[str, Any] = {}
    for name in data.column_names:
        values = data.column(name)
        column = known.get(name)
        dtype = pandas_dtype(column) if column else None
        if dtype == "object":
            series[name] = pd.Series(values.to_pylist(), dtype="object")
        elif dtype == "float64" or dtype is None:
            series[name] = values.to_pandas()
        else:
            series[name] = pd.Series(values.to_pylist(), dtype=dtype)
    return pd.DataFrame(series, columns=data.column_names)
