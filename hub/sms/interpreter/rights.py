"""Pure: what is heard in every state and in every language: danger, stop, start, help, automatic replies, wrong person.

Decides their order and what outweighs what; the phrases are the dictionaries'.
"""

from collections.abc import Iterable

from hub.sms.interpreter.hearing import Spelling
from hub.sms.interpreter.labels import Interpretation, Label
from hub.sms.interpreter.lexicon import Lexicon, Topic
from hub.sms.interpreter.phrases import Phrases
from hub.sms.interpreter.reading import Reading
from hub.sms.interpreter.segments import leftover, segments
from hub.sms.interpreter.tokens import Kind

_BESIDE_STOP = (Topic.STOP_WORD, Topic.COURTESY, Topic.YES, Topic.NO, Topic.FRAME)
_BESIDE_STOP_ALONE = (Topic.STOP_WORD_ALONE, Topic.COURTESY, Topic.NO, Topic.REFUSES)
_HUMAN = (Topic.BEREAVED, Topic.LEGAL, Topic.HOSTILE, Topic.UNSAFE, Topic.WANTS_PERSON)


MOST_WORDS_BESIDE_STOP = 2
"""Of a message whose other words say nothing against the stop word in it."""


def danger(spellings: Iterable[Spelling]) -> Interpretation | None:
    """Danger to life, now."""
    for one in spellings:
        if words := one.danger:
            return Interpretation(Label.ESCALATE_URGENT, f"danger to life: “{words}”")
    return None


def human(reading: Reading, everywhere: dict[Topic, Phrases]) -> tuple[Topic, str] | None:
    """Why a person must look at it: the first of bereavement, law, insult, safety, wish."""
    for topic in _HUMAN:
        if words := everywhere[topic].first_outside(
            reading.plain, everywhere[Topic.NO_DANGER], everywhere[Topic.PAST_DANGER]
        ):
            return topic, words
    return None


def stop(
    reading: Reading,
    spellings: Iterable[Spelling],
    lexicon: Lexicon,
    everywhere: dict[Topic, Phrases],
) -> Interpretation | None:
    """A request to stop everything, as a word of its own or however it is phrased."""
    if alone := _alone(reading, lexicon, everywhere):
        return Interpretation(Label.OPT_OUT, f"stop word: “{alone}”")
    for one in spellings:
        if words := one.stop_request:
            return Interpretation(Label.OPT_OUT, f"asks to stop: “{words}”")
    return None


def _alone(reading: Reading, lexicon: Lexicon, everywhere: dict[Topic, Phrases]) -> str | None:
    row = segments(reading, everywhere, _BESIDE_STOP)
    words = [segment for segment in row if segment.topic is Topic.STOP_WORD]
    known = {i for i, token in enumerate(reading.tokens) if token.kind is not Kind.WORD}
    if words and not leftover(reading, row, known):
        return words[0].text
    for clause in _clauses(reading):
        whole = segments(clause, everywhere, (Topic.STOP_WORD, Topic.COURTESY))
        stops = [s for s in whole if s.topic is Topic.STOP_WORD]
        if stops and all(s.topic for s in whole):
            return stops[0].text
    short = len(reading.words) <= MOST_WORDS_BESIDE_STOP
    spoken = everywhere[Topic.STOP_WORD].first_outside(reading.plain, everywhere[Topic.NO_STOP])
    if short and spoken:
        return spoken
    together = "".join(reading.words)
    if everywhere[Topic.STOP_WORD].first(together) == together != "":
        return together
    row = segments(reading, lexicon.topics, _BESIDE_STOP_ALONE)
    stops = [s for s in row if s.topic is Topic.STOP_WORD_ALONE]
    return stops[0].text if stops and all(s.topic for s in row) and not reading.asks else None


def _clauses(reading: Reading) -> list[Reading]:
    clauses: list[list[int]] = [[]]
    for index, token in enumerate(reading.tokens):
        if token.kind in {Kind.MARK, Kind.QUESTION, Kind.EMOJI}:
            clauses.append([])
        else:
            clauses[-1].append(index)
    return [
        Reading(reading.written, tuple(reading.tokens[i] for i in clause))
        for clause in clauses
        if clause
    ]


def start(reading: Reading, everywhere: dict[Topic, Phrases]) -> Interpretation | None:
    """The explicit word to return, and nothing else but courtesy."""
    row = segments(reading, everywhere, (Topic.START_WORD, Topic.COURTESY))
    words = [s.text for s in row if s.topic is Topic.START_WORD]
    if words and all(s.topic for s in row) and not reading.asks:
        return Interpretation(Label.OPT_IN, f"opt-in word: “{words[0]}”")
    return None


def asks_what_this_is(
    reading: Reading, lexicon: Lexicon, everywhere: dict[Topic, Phrases]
) -> Interpretation | None:
    """The help word, a lone question mark, or a question about the sender or the survey."""
    row = segments(reading, everywhere, (Topic.HELP_WORD, Topic.COURTESY))
    if any(s.topic is Topic.HELP_WORD for s in row) and all(s.topic for s in row):
        return Interpretation(Label.HELP, "help word")
    if (
        reading.asks
        and not reading.words
        and not any(token.kind is Kind.NUMBER for token in reading.tokens)
    ):
        return Interpretation(Label.HELP, "a question mark")
    words = everywhere[Topic.ASKS_WHO].first(reading.plain)
    if words and (reading.asks or _begins_with(reading, everywhere, Topic.ASKS_WHO, lexicon)):
        return Interpretation(Label.HELP, f"asks what this is: “{words}”")
    return None


def _begins_with(
    reading: Reading, everywhere: dict[Topic, Phrases], topic: Topic, lexicon: Lexicon
) -> bool:
    row = segments(reading, {**everywhere, Topic.YES: lexicon[Topic.YES]}, (topic, Topic.COURTESY))
    first = next((s for s in row if s.topic is not Topic.COURTESY), None)
    return first is not None and first.topic is topic


def automatic(reading: Reading, everywhere: dict[Topic, Phrases]) -> Interpretation | None:
    """A reply that no person wrote."""
    words = everywhere[Topic.AUTOMATIC].first(reading.plain)
    return Interpretation(Label.IGNORE_AUTOREPLY, f"automatic reply: “{words}”") if words else None


def wrong_person(reading: Reading, everywhere: dict[Topic, Phrases]) -> Interpretation | None:
    """Someone else than the patient."""
    words = everywhere[Topic.WRONG_PERSON].first(reading.plain)
    return Interpretation(Label.WRONG_PERSON, f"not the patient: “{words}”") if words else None
