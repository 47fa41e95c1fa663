"""Weak labels: labelling functions over candidates of facts and over points, and what they say together.

>>> from gia_nlp.learning.weak import LabelModel, best, collect, fact_cases, fact_functions, fact_labels
>>> cases = fact_cases([{"id": "a", "text": "全年收到申请12件，办结10件。召开专题会议2次。", "style": "s"}])
>>> votes = collect(fact_functions(), cases, fact_labels())
>>> model = LabelModel.fit(votes, default="none")
>>> best(model.probabilities(votes), votes.labels)
['requests_received', 'requests_answered', 'meetings']
"""

from gia_nlp.learning.weak.denials import (
    DenialCase,
    denial_cases,
    denial_functions,
    denial_labels,
    right_denials,
)
from gia_nlp.learning.weak.facts import FactCase, fact_cases, fact_functions, fact_labels, right_indicators
from gia_nlp.learning.weak.items import ItemCase, category_functions, category_names, item_cases, kind_functions
from gia_nlp.learning.weak.label_model import LabelModel, best, majority
from gia_nlp.learning.weak.votes import LabellingFunction, Votes, collect, wilson

__all__ = [
    "DenialCase",
    "FactCase",
    "ItemCase",
    "LabelModel",
    "LabellingFunction",
    "Votes",
    "best",
    "category_functions",
    "category_names",
    "collect",
    "denial_cases",
    "denial_functions",
    "denial_labels",
    "fact_cases",
    "fact_functions",
    "fact_labels",
    "item_cases",
    "kind_functions",
    "majority",
    "right_denials",
    "right_indicators",
    "wilson",
]
