"""The models of problems and remedies, and where they lie on disk. Each may be missing: the rules then decide alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gia_nlp.problems.boundaries import BoundaryModel
from gia_nlp.problems.category_model import CategoryModel
from gia_nlp.problems.pair_model import PairModel

_PAIRS, _BOUNDARIES, _CATEGORIES = "pairs", "boundaries", "categories"


@dataclass(frozen=True, slots=True)
class ItemModels:
    """What :func:`gia_nlp.problems.find_items` may ask beside its rules."""

    boundaries: BoundaryModel | None = None
    pairs: PairModel | None = None
    categories: CategoryModel | None = None

    def of_finder(self) -> ItemModels:
        """The part that ``gia_items`` asks: where points begin and end."""
        return ItemModels(boundaries=self.boundaries)

    def of_setter(self) -> ItemModels:
        """The part that ``gia_categories`` asks: categories, and the pairs that go by them."""
        return ItemModels(pairs=self.pairs, categories=self.categories)

    def with_others(self, others: ItemModels) -> ItemModels:
        """These models, and of the others those that are missing here."""
        return ItemModels(
            self.boundaries or others.boundaries, self.pairs or others.pairs, self.categories or others.categories
        )

    def __bool__(self) -> bool:
        return any(model is not None for model in (self.boundaries, self.pairs, self.categories))

    def to_disk(self, folder: str | Path) -> None:
        """Writes each model into a folder of its own."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name, model in ((_BOUNDARIES, self.boundaries), (_PAIRS, self.pairs), (_CATEGORIES, self.categories)):
            if model is not None:
                model.to_disk(folder / name)

    @classmethod
    def from_disk(cls, folder: str | Path) -> ItemModels:
        """Reads what :meth:`to_disk` wrote; a model without a folder is None."""
        folder = Path(folder)
        return cls(
            BoundaryModel.from_disk(folder / _BOUNDARIES) if (folder / _BOUNDARIES).is_dir() else None,
            PairModel.from_disk(folder / _PAIRS) if (folder / _PAIRS).is_dir() else None,
            CategoryModel.from_disk(folder / _CATEGORIES) if (folder / _CATEGORIES).is_dir() else None,
        )
