"""The models of problems and remedies, and where they lie on disk. Each may be missing: the rules then decide alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gia_nlp.problems.boundaries import BoundaryModel
from gia_nlp.problems.category_model import CategoryModel

_BOUNDARIES, _CATEGORIES = "boundaries", "categories"


@dataclass(frozen=True, slots=True)
class ItemModels:
    """What :func:`gia_nlp.problems.find_items` may ask beside its rules."""

    boundaries: BoundaryModel | None = None
    categories: CategoryModel | None = None

    def __bool__(self) -> bool:
        return self.boundaries is not None or self.categories is not None

    def to_disk(self, folder: str | Path) -> None:
        """Writes each model into a folder of its own."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if self.boundaries is not None:
            self.boundaries.to_disk(folder / _BOUNDARIES)
        if self.categories is not None:
            self.categories.to_disk(folder / _CATEGORIES)

    @classmethod
    def from_disk(cls, folder: str | Path) -> ItemModels:
        """Reads what :meth:`to_disk` wrote; a model without a folder is None."""
        boundaries, categories = Path(folder) / _BOUNDARIES, Path(folder) / _CATEGORIES
        return cls(
            BoundaryModel.from_disk(boundaries) if boundaries.is_dir() else None,
            CategoryModel.from_disk(categories) if categories.is_dir() else None,
        )
