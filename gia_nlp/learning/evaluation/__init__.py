"""Predictions against gold answers: measures with intervals, significance, breakdowns, calibration, every error in its place.

>>> from gia_nlp.learning.evaluation import GoldDocument, evaluate
>>> from gia_nlp import tag_text
>>> gold = GoldDocument("a", "a.txt", {"facts": [{"indicator": "requests_received", "value": 2.0, "start": 4, "end": 6}]})
>>> found = evaluate([gold], [tag_text("收到申请2件。", report_id="reports/a.txt")])
>>> print(found.measures[["measure", "value", "n"]].head(1).to_string(index=False))
measure  value  n
  facts    1.0  1
"""

from gia_nlp.learning.evaluation.evaluation import Evaluation, evaluate
from gia_nlp.learning.evaluation.gold import GoldDocument, GoldError, read_gold
from gia_nlp.learning.evaluation.predicting import PredictingError, predict
from gia_nlp.learning.evaluation.predictions import Predictions, PredictionsError
from gia_nlp.learning.evaluation.report import write_report

__all__ = [
    "Evaluation",
    "GoldDocument",
    "GoldError",
    "PredictingError",
    "Predictions",
    "PredictionsError",
    "evaluate",
    "predict",
    "read_gold",
    "write_report",
]
