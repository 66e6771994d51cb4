"""Pure: which rule a state has, and in which language an answer is read.

Decides for the conversation's language, unless another one understands the reply better.
"""

from collections.abc import Callable, Mapping

from hub.sms.interpreter.labels import Interpretation, Label, State, joined
from hub.sms.interpreter.lexicon import Lexicon, Topic
from hub.sms.interpreter.phrases import Phrases
from hub.sms.interpreter.reading import WORD, Reader, Reading
from hub.sms.interpreter.reply import Reply
from hub.sms.interpreter.scores import interpret_score
from hub.sms.interpreter.states.call_consent import awaiting_call_consent
from hub.sms.interpreter.states.ended import completed, declined, expired, opted_out, unasked
from hub.sms.interpreter.states.invited import invited
from hub.sms.interpreter.states.reason import awaiting_reason
from hub.sms.interpreter.states.reminder import reminded, two_open
from hub.sms.interpreter.states.score import awaiting_score

RULES: Mapping[State, Callable[[Reply], Interpretation]] = {
    State.INVITED: invited,
    State.DEMO_OPEN: invited,
    State.AWAIT_SCORE: awaiting_score,
    State.AWAIT_REASON: awaiting_reason,
    State.AWAIT_CALL_CONSENT: awaiting_call_consent,
    State.REMINDER: reminded,
    State.TWO_OPEN: two_open,
    State.COMPLETED: completed,
    State.DECLINED: declined,
    State.EXPIRED: expired,
    State.OPTED_OUT: opted_out,
    State.NO_SESSION: unasked,
}
_ABSTAINED = {Label.REASK, Label.REASK_RANGE}
_UNDERSTOOD_IN_PART = {Label.TEXT, Label.TEXT_PENDING}
_INVITATIONS = {State.INVITED, State.DEMO_OPEN}


class Answers:
    """The states' rules over the lexicons of all languages."""

    def __init__(
        self, lexicons: Mapping[str, Lexicon], everywhere: dict[Topic, Phrases], reader: Reader
    ) -> None:
        self._lexicons = lexicons
        self._everywhere = everywhere
        self._reader = reader

    def answer(
        self, meant: str, written: str, language: str, spoken: str, state: State
    ) -> Interpretation:
        """The rule in the conversation's language, else in `spoken`, else in one that knows every word."""
        first = self._in(meant, written, language, state)
        retried = _ABSTAINED | ({Label.TEXT_PENDING} if state in _INVITATIONS else set())
        if not first.labels & retried or (
            first.labels <= _ABSTAINED and self._knows_all(meant, language)
        ):
            return first
        digits = any(character.isdecimal() for character in meant)
        for other in dict.fromkeys((spoken,) if digits else (spoken, *self._lexicons)):
            if other != language:
                again = self._in(meant, written, other, state)
                refused = _ABSTAINED | (set() if other == spoken else _UNDERSTOOD_IN_PART)
                if not again.labels & refused:
                    return again
        return first

    def _knows_all(self, meant: str, language: str) -> bool:
        """Whether the language knows every word: then it abstained because it understood."""
        words = WORD.findall(meant)
        return bool(words) and all(map(self._lexicons[language].knows, words))

    def _in(self, meant: str, written: str, language: str, state: State) -> Interpretation:
        reading = self._reader.read(meant, written, language)
        return RULES[state](Reply(reading, self._lexicons[language], self._everywhere))

    def for_a_person(
        self, reading: Reading, lexicon: Lexicon, state: State, topic: Topic, words: str
    ) -> Interpretation:
        """What is kept of a reply that a person must look at."""
        why = f"needs a person: “{words}”"
        kept: str | None = None
        if topic in {Topic.BEREAVED, Topic.WANTS_PERSON}:
            kept = None
        elif state is State.AWAIT_SCORE:
            scored = interpret_score(Reply(reading, lexicon, self._everywhere))
            kept = scored.label if scored.score is not None else None
        elif state is State.AWAIT_REASON:
            kept = Label.TEXT
        elif topic is Topic.HOSTILE and state in _INVITATIONS:
            kept = Label.NO
        return Interpretation(joined(kept, Label.ESCALATE_HUMAN), why)
