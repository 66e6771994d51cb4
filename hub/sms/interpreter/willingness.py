"""Pure: yes or no, to an invitation, to a call, to an appointment.

Decides that only a reply understood as a whole, or one that begins with a plain yes or no and a mark, is a yes or a no.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hub.sms.interpreter.labels import Interpretation, Label, joined
from hub.sms.interpreter.lexicon import Topic
from hub.sms.interpreter.numbers import Numbers
from hub.sms.interpreter.phrases import Phrases
from hub.sms.interpreter.reading import Reading
from hub.sms.interpreter.segments import SILENT, leftover, segments
from hub.sms.interpreter.tokens import Kind

_TOPICS = (
    Topic.UNSURE, Topic.MAYBE_YES, Topic.NOT_NOW, Topic.LATER, Topic.WILLING, Topic.REFUSES, Topic.YES,
    Topic.NO, Topic.BUT, Topic.COURTESY,
)  # fmt: skip
_ABSTAINS = {Topic.UNSURE, Topic.LATER, Topic.BUT, Topic.MAYBE_YES}
_FOR, _AGAINST = {Topic.YES, Topic.WILLING}, {Topic.NO, Topic.REFUSES, Topic.NOT_NOW}
# Without its accent it is also "if", so words may follow it only behind a mark.
_ACCENTED_YES = re.compile(r"^\W*s[íÍ]\b", re.IGNORECASE)


class Will(StrEnum):
    """What was said."""

    YES = "yes"
    NO = "no"
    MAYBE_YES = "maybe yes"
    UNDECIDED = "undecided"
    NOTHING = "nothing"
    """Neither: the words, if any, are about something else."""


@dataclass(frozen=True)
class Willingness:
    """What was said, and whether words beyond courtesy came with it."""

    will: Will
    words: bool
    courtesy_only: bool = False

    @property
    def interpretation(self) -> Interpretation:
        """The label of a yes-or-no question."""
        text = Label.TEXT if self.words else None
        match self.will:
            case Will.YES:
                return Interpretation(joined(Label.YES, text), "says yes")
            case Will.NO:
                return Interpretation(joined(Label.NO, text), "says no")
            case Will.MAYBE_YES:
                return Interpretation(
                    f"{Label.CONFIRM}:{Label.YES}", "an idiom that may mean either"
                )
            case _:
                return Interpretation(Label.REASK, "neither a plain yes nor a plain no")


def willingness(
    reading: Reading,
    phrases: Mapping[Topic, Phrases],
    numbers: Numbers | None = None,
    *,
    when_is_meant: bool = False,
) -> Willingness:
    """How a reply answers a yes-or-no question; `when_is_meant`: a time after a yes says when, not "not now"."""
    known = set(numbers.scores) if numbers else set()
    row = segments(reading, phrases, (*_TOPICS, Topic.FRAME) if known else _TOPICS)
    rest = leftover(reading, row, known)
    topics = {segment.topic for segment in row} - {None, Topic.COURTESY, Topic.FRAME}
    words = bool(rest)
    if when_is_meant and Topic.LATER in topics and not topics & (_AGAINST | {Topic.UNSURE}):
        topics -= {Topic.LATER, Topic.BUT}
    told = topics == {Topic.BUT} and words and row[0].topic is not Topic.BUT  # "slow but kind"
    if not topics or told:
        polite = bool(row) and all(segment.topic is Topic.COURTESY for segment in row)
        return Willingness(Will.NOTHING, words, polite)
    if reading.asks:
        return Willingness(Will.UNDECIDED, words)
    if topics == {Topic.MAYBE_YES} and not words:
        return Willingness(Will.MAYBE_YES, words)
    if topics & _ABSTAINS or (topics & _FOR and topics & _AGAINST):
        return Willingness(Will.UNDECIDED, words)
    if not words:
        return Willingness(Will.YES if topics <= _FOR else Will.NO, words)
    return Willingness(_with_words(reading, phrases, topics), words)


def _with_words(
    reading: Reading, phrases: Mapping[Topic, Phrases], topics: set[Topic | None]
) -> Will:
    """What is said where other words stand beside it: a plain word first, then a mark, then the words."""
    if Topic.WILLING in topics:
        return Will.YES
    if Topic.REFUSES in topics:
        return Will.NO
    for topic, will in ((Topic.PLAIN_YES, Will.YES), (Topic.PLAIN_NO, Will.NO)):
        length = _opens_with(reading, phrases, topic)
        opposite = _AGAINST if will is Will.YES else _FOR
        if length and not topics & opposite:
            return will
    return Will.NOTHING


def _opens_with(reading: Reading, phrases: Mapping[Topic, Phrases], topic: Topic) -> bool:
    index = 0
    while index < len(reading.tokens):
        polite = reading.phrase_at(index, phrases[Topic.COURTESY])
        if not polite and reading.tokens[index].kind not in SILENT:
            break
        index += max(polite, 1)
    else:
        return False
    length = reading.phrase_at(index, phrases[topic])
    follower = reading.tokens[index + length : index + length + 1]
    marked = bool(follower) and follower[0].kind in SILENT | {Kind.EMOJI}
    accented = topic is Topic.PLAIN_YES and bool(_ACCENTED_YES.match(reading.written))
    return bool(length) and (marked or accented)
