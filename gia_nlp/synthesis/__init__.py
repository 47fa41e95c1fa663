"""Reports with known answers: numbers, sentences and problems drawn from a grammar, printed in every layout of the field.

Nothing here knows the readers that these reports test.

>>> from gia_nlp.synthesis import make_report
>>> make_report(1, 2, "glued", "2021").data == make_report(1, 2, "glued", "2021").data
True
"""

from __future__ import annotations

from gia_nlp.synthesis.generate import Synthetic, make_report, make_reports, write_reports
from gia_nlp.synthesis.panel_plan import truth as panel_truth

__all__ = ["Synthetic", "make_report", "make_reports", "panel_truth", "write_reports"]
