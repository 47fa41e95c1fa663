"""The words by which a section on problems says what is a problem, what a remedy, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gia_nlp.vocabulary.heads import headed, made_of
from gia_nlp.vocabulary.loader import load_yaml


@dataclass(frozen=True, slots=True)
class ProblemCues:
    """Compiled cue words; each pattern is described beside its words in ``data/problem_cues.yaml``."""

    label: re.Pattern[str]
    label_letters: re.Pattern[str]
    label_problem: re.Pattern[str]
    label_remedy: re.Pattern[str]
    label_conjunction: re.Pattern[str]
    announce_problem: re.Pattern[str]
    announce_tail: re.Pattern[str]
    announce_remedy: re.Pattern[str]
    problem_opening: re.Pattern[str]
    enumeration_end: re.Pattern[str]
    deficiency: re.Pattern[str]
    deficiency_not: re.Pattern[str]
    praise: re.Pattern[str]
    remedy_opening: re.Pattern[str]
    opening_subject: re.Pattern[str]
    opening_tail: re.Pattern[str]
    turn: re.Pattern[str]
    done: re.Pattern[str]
    planned: re.Pattern[str]
    previous: re.Pattern[str]
    remedy_verb: re.Pattern[str]
    closing: re.Pattern[str]
    signature: re.Pattern[str]
    none_reported: re.Pattern[str]
    placeholder: re.Pattern[str]
    topic_heading: re.Pattern[str]
    leaning: re.Pattern[str]
    cause: re.Pattern[str]
    promise: re.Pattern[str]
    since: re.Pattern[str]


def _any(words: list[str]) -> str:
    return "(?:" + "|".join(words) + ")"


def _longest_first(words: list[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


@cache
def problem_cues() -> ProblemCues:
    """The compiled cues.

    >>> bool(problem_cues().label.fullmatch("存在的主要问题及改进情况"))
    True
    >>> bool(problem_cues().label.fullmatch("公开内容不全的问题"))
    False
    """
    data = load_yaml("problem_cues")
    labels = data["labels"]
    words = _longest_first(labels["problem"] + labels["remedy"] + labels["fillers"])
    # Possessive and longest word first: a phrase is read one way only, so that no garbage makes it slow.
    label = rf"{_any(words)}++"
    future = rf"将(?={'|'.join(data['future_follows'])})"
    return ProblemCues(
        label=headed(label),
        label_letters=made_of(label),  # tells at once that most phrases are no label
        label_problem=headed(_any(_longest_first(labels["problem"]))),
        label_remedy=headed(_any(_longest_first(labels["remedy"]))),
        label_conjunction=headed(_any(labels["conjunctions"])),
        announce_problem=headed(_any(data["announce_problem"])),
        announce_tail=re.compile(rf"{_any(data['announce_tail'])}*"),
        announce_remedy=headed(_any(data["announce_remedy"])),
        problem_opening=headed(_any(data["problem_openings"])),
        enumeration_end=headed(_any(data["enumeration_ends"])),
        deficiency=headed(_any(data["deficiency"])),
        deficiency_not=headed(_any(data["deficiency_not"])),
        praise=headed(_any(data["praise"])),
        remedy_opening=headed(_any(data["remedy_openings"])),
        opening_subject=re.compile(data["opening_subject"]),
        opening_tail=re.compile(data["opening_tail"]),
        turn=headed(_any(data["turn"])),
        done=headed(_any(data["done"])),
        planned=re.compile(_any([*data["planned_words"], future])),
        previous=headed(_any(data["previous_words"])),
        remedy_verb=headed(_any(data["remedy_verbs"])),
        closing=headed(_any(data["closing"])),
        signature=re.compile(data["signature"]),
        none_reported=headed(_any(data["none_reported"])),
        placeholder=re.compile(data["placeholder"]),
        topic_heading=headed(_any(data["topic_heading"])),
        leaning=headed(_any(_longest_first(data["leaning_attributes"]))),
        cause=headed(_any(data["cause"])),
        promise=headed(_any(data["promise"])),
        since=headed(_any(data["since"])),
    )
