"""The configuration of ``gia-nlp train facts``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Data:
    """``passages``: annotated files; ``splits``: what is read of them; ``unseen``: a file naming styles the rules never saw.

    ``vocabulary`` is a user's, for indicators of his own; ``limit`` takes the first passages only.
    """

    passages: tuple[Path, ...] = ()
    splits: tuple[str, ...] = ("train", "dev")
    unseen: Path | None = None
    vocabulary: Path | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Fit:
    """``…strength``: scikit-learn's C; ``min_count``: rows in which a feature must occur; ``min_joint`` for joint labels.

    ``without``: groups of features of quantities that are left out, by the letters before the colon (:func:`gia_nlp.facts.features.quantity_features`).
    """

    strength: float = 2.0
    period_strength: float = 1.0
    denial_strength: float = 0.5
    min_count: int = 2
    min_joint: int = 5
    max_iterations: int = 150
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Combine:
    """``unseen_weight``: how much more a candidate counts where the rules never saw its style."""

    penalty: float = 0.02
    threshold: float = 0.4
    denial_threshold: float = 0.5
    unseen_weight: float = 1.0
    rounds: int = 2


@dataclass(frozen=True)
class Training:
    """``folds`` of the cross-validation by style."""

    seed: int = 0
    folds: int = 5


@dataclass(frozen=True)
class FactSettings:
    """The configuration of ``gia-nlp train facts``."""

    data: Data = field(default_factory=Data)
    fit: Fit = field(default_factory=Fit)
    combination: Combine = field(default_factory=Combine)
    training: Training = field(default_factory=Training)
