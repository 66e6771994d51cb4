"""Pure: what a reply means in the state of its conversation; abstains rather than guesses.

Decides the order: danger, stop, start, help, automatic replies, wrong person, a person's help, then the rule of the
state. The same text in the same state always means the same, and no text makes it fail.
"""

from collections.abc import Mapping

from hub.sms.interpreter import rights
from hub.sms.interpreter.answers import Answers
from hub.sms.interpreter.hearing import Hearing
from hub.sms.interpreter.labels import Interpretation, Label, State, joined
from hub.sms.interpreter.lexicon import Lexicon, Topic, united
from hub.sms.interpreter.messages import received
from hub.sms.interpreter.reading import Reader, Reading

MOST_LETTERS = 2000
"""Of a text that is looked at; ten parts of an SMS are 1530."""
_FREE = {State.COMPLETED, State.DECLINED, State.EXPIRED, State.OPTED_OUT, State.NO_SESSION}
_DECIDED = {Label.OPT_OUT, Label.OPT_IN, Label.HELP, Label.IGNORE_AUTOREPLY, Label.WRONG_PERSON}


class Interpreter:
    """Knows the lexicons of all languages; holds nothing of any conversation."""

    def __init__(self, lexicons: Mapping[str, Lexicon]) -> None:
        self._lexicons = dict(lexicons)
        self._everywhere = united(self._lexicons.values())
        self._reader = Reader(self._lexicons)
        self._hearing = Hearing(self._lexicons, self._everywhere)
        self._answers = Answers(self._lexicons, self._everywhere, self._reader)

    def interpret(self, text: str, language: str, state: State) -> Interpretation:
        """What a text means; `||` and `[1/2]` are read as in files of cases. KeyError for an unknown language."""
        if language not in self._lexicons:
            raise KeyError(language)
        delivered = received(text)
        found = [self._one(one[:MOST_LETTERS], language, state) for one in delivered.readings]
        chosen = _agreed(found)
        if delivered.incomplete and not _holds_without_the_rest(chosen):
            return _lost_part(state)
        return chosen

    def language_of(self, text: str, language: str) -> str:
        """The language a text is written in: the given one, unless another knows more of its words."""
        return self._reader.best_language(
            self._reader.meant(text[:MOST_LETTERS], language), language
        )

    def _one(self, text: str, language: str, state: State) -> Interpretation:
        meant = self._reader.meant(text, language)
        spoken = self._reader.best_language(meant, language)
        readings = [
            self._reader.read(meant, text, one) for one in dict.fromkeys((language, spoken))
        ]
        for reading, one in zip(readings, dict.fromkeys((language, spoken)), strict=True):
            if heard := self._heard_everywhere(reading, self._lexicons[one], state):
                return heard
        return self._answers.answer(meant, text, language, spoken, state)

    def _heard_everywhere(
        self, reading: Reading, lexicon: Lexicon, state: State
    ) -> Interpretation | None:
        everywhere = self._everywhere
        spellings = tuple(self._hearing.spellings(reading))
        if urgent := rights.danger(spellings):
            return urgent
        if state in {State.REMINDER, State.TWO_OPEN} and everywhere[
            Topic.CANCELS_APPOINTMENT
        ].first(reading.plain):
            # "cancelar" answers the reminder; the English CANCEL is a carrier's stop word everywhere.
            only = lexicon[Topic.STOP_WORD_ALONE] if reading.plain == "cancel" else None
            return Interpretation(Label.OPT_OUT, "stop word: “cancel”") if only else None
        if stopped := rights.stop(reading, spellings, lexicon, everywhere):
            return stopped
        if started := rights.start(reading, everywhere):
            return started
        asks = rights.asks_what_this_is(reading, lexicon, everywhere)
        reason = rights.human(reading, everywhere)
        if reason and not (asks and reading.asks and reason[0] is Topic.HOSTILE):
            return self._answers.for_a_person(reading, lexicon, state, *reason)
        return rights.automatic(reading, everywhere) or asks or self._someone_else(reading, state)

    def _someone_else(self, reading: Reading, state: State) -> Interpretation | None:
        if state is State.AWAIT_CALL_CONSENT and self._everywhere[Topic.CALL_ME].first(
            reading.plain
        ):
            return None
        return rights.wrong_person(reading, self._everywhere)


def _agreed(found: list[Interpretation]) -> Interpretation:
    """One of several readings of parts: what protects first, then what the glued parts say, unless scores differ."""
    for protecting in (Label.ESCALATE_URGENT, Label.OPT_OUT, Label.ESCALATE_HUMAN):
        for one in found:
            if protecting in one.labels:
                return one
    scores = {one.score for one in found if one.score is not None}
    if len(scores) > 1:
        return Interpretation(Label.REASK, "the parts can be read in two ways")
    abstaining = {Label.REASK, Label.REASK_RANGE, Label.CONFIRM}
    return next((one for one in found if not one.labels & abstaining), found[0])


def _holds_without_the_rest(one: Interpretation) -> bool:
    return bool(one.labels & ({Label.ESCALATE_URGENT, Label.ESCALATE_HUMAN} | _DECIDED))


def _lost_part(state: State) -> Interpretation:
    if state is State.AWAIT_REASON:
        return Interpretation(Label.TEXT, "a part is missing; the words that came are kept")
    if state in _FREE:
        return Interpretation(_LOST.get(state, Label.NOOP), "a part is missing")
    return Interpretation(joined(Label.REASK, Label.TEXT), "a part is missing")


_LOST = {
    State.COMPLETED: Label.TEXT_TO_CASE,
    State.DECLINED: Label.DUPLICATE,
    State.EXPIRED: Label.LATE,
    State.NO_SESSION: Label.NOOP_HELP,
}
