"""Which words hold now: the package's own, or those with a user's additions.

A user's vocabulary is an :class:`Overlay`: what it adds to the package's data files. One holds for the process
(:func:`gia_nlp.vocabulary.user.use_vocabulary`, or the environment variable ``GIA_NLP_VOCABULARY``); a pipeline that was saved
with its own holds it while it works (:func:`using`). What is made of the vocabulary is cached for each of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

ENVIRONMENT = "GIA_NLP_VOCABULARY"
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """What a user's file adds. ``text`` is the file as written, ``digest`` of it; ``name`` is for messages.

    ``changes`` maps the name of a data file to a function from its content to the content with the additions.
    """

    name: str = "the package's own"
    text: str = ""
    digest: str = ""
    changes: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (self.text, self.name))


def _again(text: str, name: str) -> Overlay:
    """The additions in another process, from the file's text."""
    from gia_nlp.vocabulary.user import parse_vocabulary

    return parse_vocabulary(text, name) if text else OWN


OWN = Overlay()
_of_process: Overlay | None = None
_at_work: ContextVar[Overlay | None] = ContextVar("gia_nlp_vocabulary", default=None)


def active() -> Overlay:
    """The additions that hold now; an empty one where there are none."""
    at_work = _at_work.get()
    return at_work if at_work is not None else of_process()


def of_process() -> Overlay:
    """The additions that hold for the process: those it was given, else those that the environment names."""
    global _of_process
    if _of_process is None:
        path = os.environ.get(ENVIRONMENT)
        if path:
            from gia_nlp.vocabulary.user import read_vocabulary

            _of_process = read_vocabulary(path)
        else:
            _of_process = OWN
    return _of_process


def set_for_process(overlay: Overlay) -> None:
    """From now on these additions hold, wherever no pipeline has its own."""
    global _of_process
    _of_process = overlay


@contextmanager
def using(overlay: Overlay | None) -> Iterator[None]:
    """Inside, the additions of ``overlay`` hold; ``None`` changes nothing."""
    if overlay is None:
        yield
        return
    token = _at_work.set(overlay)
    try:
        yield
    finally:
        _at_work.reset(token)


def recent_per_vocabulary(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A cache like :func:`functools.lru_cache`, for what depends on the vocabulary and on words of the reports."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(size)
        def made(digest: str, *args: Any) -> T:
            return function(*args)  # type: ignore[call-arg]

        at_work = _at_work.get

        @wraps(function)
        def found(*args: P.args, **kwargs: P.kwargs) -> T:
            overlay = at_work()  # active(), but shorter
            if overlay is None:
                overlay = _of_process if _of_process is not None else of_process()
            return made(overlay.digest, *args)

        return found

    return decorate


def per_vocabulary(function: Callable[P, T]) -> Callable[P, T]:
    """A cache like :func:`functools.cache`, for what is made of the vocabulary: one result for each that holds."""
    made: dict[Any, T] = {}
    at_work = _at_work.get

    @wraps(function)
    def found(*args: P.args, **kwargs: P.kwargs) -> T:
        overlay = at_work()  # active(), but shorter: this is asked for all the time
        if overlay is None:
            overlay = _of_process if _of_process is not None else of_process()
        key = (overlay.digest, *args) if args else overlay.digest
        try:
            return made[key]
        except KeyError:
            made[key] = result = function(*args, **kwargs)
            return result

    return found
