"""Pure: replies when no question is open: after the end, after a stop, or out of the blue."""

from hub.sms.interpreter.labels import Interpretation, Label
from hub.sms.interpreter.lexicon import Topic
from hub.sms.interpreter.reply import Reply, request
from hub.sms.interpreter.segments import segments
from hub.sms.interpreter.tokens import Kind
from hub.sms.interpreter.willingness import Will

_NO_WORDS = {Kind.EMOJI, Kind.MARK, Kind.STARS}


def completed(reply: Reply) -> Interpretation:
    """Thanks need no reply, a second answer does not count, other words belong to the case."""
    return _after_the_end(reply, Label.DUPLICATE, Label.TEXT_TO_CASE)


def declined(reply: Reply) -> Interpretation:
    """Declining was the one participation."""
    return _after_the_end(reply, Label.DUPLICATE, Label.DUPLICATE)


def expired(reply: Reply) -> Interpretation:
    """Too late: kept, not counted."""
    return _after_the_end(reply, Label.LATE, Label.LATE)


def _after_the_end(reply: Reply, again: Label, words: Label) -> Interpretation:
    if asked := request(reply):
        return asked
    empty = all(token.kind in _NO_WORDS for token in reply.reading.tokens)
    if empty or reply.is_courtesy:
        return Interpretation(Label.NOOP, "courtesy after the end")
    if again is Label.DUPLICATE and _acknowledges(reply):
        return Interpretation(Label.NOOP, "an acknowledgement")
    answered = reply.willing.will in {Will.YES, Will.NO} or bool(reply.numbers.scores)
    says = words if reply.willing.words and not answered else again
    return Interpretation(says, "the survey is over")


def _acknowledges(reply: Reply) -> bool:
    row = segments(reply.reading, reply.lexicon.topics, (Topic.ACKNOWLEDGES, Topic.COURTESY))
    return bool(row) and all(segment.topic for segment in row)


def opted_out(reply: Reply) -> Interpretation:
    """Stopped: a request still reaches a person, anything else has no effect."""
    return request(reply) or Interpretation(Label.NOOP, "stopped, and stays so")


def unasked(reply: Reply) -> Interpretation:
    """Nobody asked anything."""
    if asked := request(reply):
        return asked
    if reply.is_courtesy and reply.says(Topic.THANKS):
        return Interpretation(Label.NOOP, "thanks")
    return Interpretation(Label.NOOP_HELP, "nothing was asked")
