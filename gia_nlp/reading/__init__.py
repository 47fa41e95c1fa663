"""Files to documents: one module a format, bytes in, text and grids out.

>>> from gia_nlp.reading import read_bytes
>>> document = read_bytes("<table><tr><td>规章<td>2</table>".encode(), "report.html")
>>> document.format, document.grids[0].shape
('html', (1, 2))
"""

from gia_nlp.reading.errors import ReadingError
from gia_nlp.reading.registry import Reader, read, read_bytes, readers, register

__all__ = ["Reader", "ReadingError", "read", "read_bytes", "readers", "register"]
