"""What spreadsheets do to text, and how to keep them from it."""

from __future__ import annotations

import re

# A spreadsheet takes a cell that opens with one of these for a formula; the full-width forms count in some locales.
_TRIGGER = "=+\\-@\t\r\n＝＋－＠"
_FORMULA = re.compile(f"'*[{_TRIGGER}]")
_ESCAPED = re.compile(f"'+[{_TRIGGER}]")


def escape_formula(text: str) -> str:
    """Text that no spreadsheet runs, with an apostrophe before what would open a formula; see :func:`unescape_formula`.

    >>> escape_formula("=1+1"), escape_formula("39条")
    ("'=1+1", '39条')
    """
    return "'" + text if _FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """The text that :func:`escape_formula` was given.

    >>> unescape_formula("'=1+1")
    '=1+1'
    """
    return text[1:] if _ESCAPED.match(text) else text


# Characters that XML 1.0 does not allow, and Excel's own escapes, which it would turn into characters.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXCEL_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
EXCEL_CHARACTERS = 32_767


def excel_text(text: str) -> str:
    """Text as a workbook can hold it: without illegal control characters.

    >>> excel_text("a" + chr(7) + "b")
    'ab'
    """
    return _EXCEL_ESCAPE.sub("_x005F_", _ILLEGAL.sub("", text))


def cut_for_excel(text: str) -> str | None:
    """The beginning that fits into a cell (Excel counts UTF-16 units); ``None`` if all of it fits.

    >>> cut_for_excel("short") is None
    True
    """
    if len(text) * 2 <= EXCEL_CHARACTERS:
        return None
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * EXCEL_CHARACTERS:
        return None
    return units[: 2 * EXCEL_CHARACTERS].decode("utf-16-le", "ignore")
