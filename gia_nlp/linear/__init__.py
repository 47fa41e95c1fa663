"""Linear classifiers over named features: what the models of facts and problems have in common.

Applying one needs numpy alone; fitting is the business of :mod:`gia_nlp.learning`. On disk a classifier is plain ``.npy``
arrays and JSON, so that loading one never executes code and the same model is the same bytes.
"""

from gia_nlp.linear.classifier import LinearClassifier
from gia_nlp.linear.features import FeatureIndex, Row, SparseRows
from gia_nlp.linear.grams import GramTable, grams

__all__ = ["FeatureIndex", "GramTable", "LinearClassifier", "Row", "SparseRows", "grams"]
