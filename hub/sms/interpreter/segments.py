"""Pure: a reading as a row of known phrases, and the words that none of them covers.

Decides that the longest phrase wins ("no sé" is not "no"), and which topics count at all in an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.sms.interpreter.lexicon import Topic
from hub.sms.interpreter.phrases import Phrases
from hub.sms.interpreter.reading import Reading
from hub.sms.interpreter.tokens import Kind

SILENT = {Kind.MARK, Kind.QUESTION}
LEAST_LETTERS_OF_TEXT = 2
"""A single letter is a slip, no comment."""


@dataclass(frozen=True)
class Segment:
    """Tokens that one phrase covers, or one that none does (topic None)."""

    topic: Topic | None
    tokens: range
    text: str


def segments(
    reading: Reading, phrases: Mapping[Topic, Phrases], topics: tuple[Topic, ...]
) -> list[Segment]:
    """Greedy from the left; of equally long phrases that of the first topic is taken. Marks are left out."""
    found = []
    index = 0
    while index < len(reading.tokens):
        lengths = {topic: reading.phrase_at(index, phrases[topic]) for topic in topics}
        best = max(topics, key=lambda topic: lengths[topic])
        length = lengths[best]
        place = range(index, index + max(length, 1))
        if length or reading.tokens[index].kind not in SILENT:
            text = " ".join(reading.tokens[i].text for i in place)
            found.append(Segment(best if length else None, place, text))
        index = place.stop
    return found


def leftover(reading: Reading, row: list[Segment], known: set[int]) -> list[str]:
    """Words that carry something: neither covered, nor part of a number, nor a lone letter."""
    return [
        segment.text
        for segment in row
        if segment.topic is None
        and segment.tokens[0] not in known
        and _carries(reading, segment.tokens[0])
    ]


def _carries(reading: Reading, index: int) -> bool:
    token = reading.tokens[index]
    if token.kind is Kind.WORD:
        return len(token.text) >= LEAST_LETTERS_OF_TEXT
    return token.kind in {Kind.ADDRESS, Kind.OTHER_NUMBER, Kind.PHONE, Kind.ORDINAL}
