"""A point before it becomes a record: its place in the normal form and in the section's lists."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Draft:
    """A point at ``text[start:end]`` of the normal form. ``round``: which pair of problem and remedy headings it stands under."""

    kind: str
    status: str
    start: int
    end: int
    text: str
    round: int
    ordinal: int = 0
    heading: str = ""
    marked: bool = False
    answers: int = 0  # the ordinal of the problem that the remedy names (针对问题二，)
    decided_by: str = "rule"
    score: float = 1.0

    def decided(self, by: str, score: float) -> Draft:
        """The same point, decided by others (a third of the time of ``dataclasses.replace``)."""
        return Draft(
            self.kind, self.status, self.start, self.end, self.text, self.round,
            self.ordinal, self.heading, self.marked, self.answers, by, score,
        )  # fmt: skip


@dataclass(slots=True)
class Reading:
    """What a section's text holds. ``none_reported``: it says that there is no problem; ``targets``: 针对…的问题 as spans."""

    drafts: list[Draft] = field(default_factory=list)
    none_reported: bool = False
