"""The one error that reading raises."""

from __future__ import annotations


class ReadingError(Exception):
    """A file that cannot be read as a report. ``hint`` tells the user what would help, if anything would.

    >>> ReadingError("The file is empty.", hint="Download it again.").hint
    'Download it again.'
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Workers send errors between processes; the keyword would be lost with the default.
        return _rebuild, (type(self), self.message, self.hint)


def _rebuild(cls: type[ReadingError], message: str, hint: str | None) -> ReadingError:
    return cls(message, hint=hint)
