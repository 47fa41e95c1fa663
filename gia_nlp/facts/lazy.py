"""Properties that are made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):
    """A property made once; :func:`functools.cached_property` takes a lock for each before Python 3.12.

    >>> class Line:
    ...     @lazy
    ...     def words(self): return "公开 12条".split()
    >>> line = Line()
    >>> line.words is line.words
    True
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name, self.__doc__ = make, make.__name__, make.__doc__

    def __get__(self, owner: Any, kind: type) -> T:
        made = owner.__dict__[self._name] = self._make(owner)
        return made
