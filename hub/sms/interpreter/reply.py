"""Pure: a reading with what the rules of several states ask of it, and requests that any of them may hear."""

from dataclasses import dataclass
from functools import cached_property

from hub.sms.interpreter.labels import Interpretation, Label
from hub.sms.interpreter.lexicon import Lexicon, Topic
from hub.sms.interpreter.numbers import Numbers, sort_numbers
from hub.sms.interpreter.phrases import Phrases
from hub.sms.interpreter.reading import Reading
from hub.sms.interpreter.segments import leftover, segments
from hub.sms.interpreter.tokens import Kind
from hub.sms.interpreter.willingness import Willingness, willingness

LEAST_WORDS_OF_COMMENT = 2
_NUMBERS = {Kind.NUMBER, Kind.PHONE, Kind.OTHER_NUMBER}


@dataclass(frozen=True)
class Reply:
    """A reply as one language reads it; `everywhere` are the phrases of all languages."""

    reading: Reading
    lexicon: Lexicon
    everywhere: dict[Topic, Phrases]

    def says(self, topic: Topic) -> bool:
        """Whether a phrase of the topic stands anywhere."""
        return self.lexicon[topic].first(self.reading.plain) is not None

    @cached_property
    def numbers(self) -> Numbers:
        """What its numbers are."""
        return sort_numbers(self.reading, self.lexicon, self.everywhere)

    @cached_property
    def willing(self) -> Willingness:
        """How it answers a yes-or-no question."""
        return willingness(self.reading, self.lexicon.topics, self.numbers)

    @property
    def phones(self) -> set[int]:
        """The tokens that are telephone numbers."""
        return {i for i, token in enumerate(self.reading.tokens) if token.kind is Kind.PHONE}

    @property
    def has_digits(self) -> bool:
        """Whether it has a number, a time or a telephone number."""
        return any(token.kind in _NUMBERS for token in self.reading.tokens)

    @property
    def is_comment(self) -> bool:
        """Whether its words are worth keeping: they judge, or several are known."""
        if not self.willing.words:
            return False
        words = self.reading.words
        several = len(words) >= LEAST_WORDS_OF_COMMENT and any(map(self.lexicon.knows, words))
        return several or self.says(Topic.PRAISE) or self.says(Topic.BLAME)

    @property
    def is_courtesy(self) -> bool:
        """Whether it has courtesy and nothing else."""
        return self.willing.courtesy_only and bool(self.reading.words)


def request(reply: Reply) -> Interpretation | None:
    """A call, or something for the contact centre."""
    if wants_call(reply):
        return Interpretation(Label.CALLBACK_REQUEST, "wants to be called")
    if _is_bare_phone(reply):
        return Interpretation(Label.CALLBACK_REQUEST, "a telephone number")
    if words := reply.lexicon[Topic.CLINIC_REQUEST].first(reply.reading.plain):
        return Interpretation(Label.ROUTE_AGENT, f"a request to the clinic: “{words}”")
    return None


def _is_bare_phone(reply: Reply) -> bool:
    row = segments(reply.reading, reply.lexicon.topics, (Topic.COURTESY, Topic.FRAME, Topic.YES))
    return bool(reply.phones) and not leftover(reply.reading, row, reply.phones)


def wants_call(reply: Reply) -> bool:
    """Whether it asks to be called, and nothing in it speaks against a call."""
    refuses = reply.says(Topic.DO_NOT_CALL) or reply.says(Topic.OTHER_WAY)
    return reply.says(Topic.CALL_ME) and not refuses
