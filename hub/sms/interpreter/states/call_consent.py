"""Pure: the reply to "may we call you?"; nobody is called without a yes."""

from hub.sms.interpreter.labels import Interpretation, Label, joined
from hub.sms.interpreter.lexicon import Topic
from hub.sms.interpreter.reply import Reply, request, wants_call
from hub.sms.interpreter.segments import leftover, segments
from hub.sms.interpreter.willingness import Will, Willingness, willingness

_TOPICS = (
    Topic.OTHER_WAY, Topic.DO_NOT_CALL, Topic.CALL_ME, Topic.WILLING, Topic.YES, Topic.NO, Topic.COURTESY,
)  # fmt: skip


def awaiting_call_consent(reply: Reply) -> Interpretation:
    """Yes, no, or the question again; when and how are kept as words."""
    row = segments(reply.reading, reply.lexicon.topics, _TOPICS)
    more = leftover(reply.reading, row, set()) or reply.has_digits
    text = Label.TEXT if more else None
    willing = willingness(reply.reading, reply.lexicon.topics, when_is_meant=True)
    if reply.reading.asks:
        return Interpretation(joined(Label.REASK, text), "a question")
    says_yes = any(segment.topic is Topic.YES for segment in row)
    return _refusal(reply, willing, text, says_yes) or _consent(reply, willing, text)


def _refusal(
    reply: Reply, willing: Willingness, text: str | None, says_yes: bool
) -> Interpretation | None:
    other_way = reply.says(Topic.OTHER_WAY)
    if not (other_way or reply.says(Topic.DO_NOT_CALL)):
        return None
    wanted = reply.lexicon[Topic.CALL_ME].first_outside(
        reply.reading.plain, reply.lexicon[Topic.DO_NOT_CALL]
    )
    if says_yes or wanted:
        return Interpretation(joined(Label.REASK, text), "contradicts itself")
    if willing.will is Will.NO:
        return willing.interpretation
    return Interpretation(joined(Label.NO, Label.TEXT if other_way else text), "wants no call")


def _consent(reply: Reply, willing: Willingness, text: str | None) -> Interpretation:
    yes_or_nothing = willing.will in {Will.YES, Will.NOTHING}
    if yes_or_nothing and wants_call(reply):
        return Interpretation(joined(Label.YES, text), "wants to be called")
    if willing.will is Will.YES:
        return Interpretation(joined(Label.YES, text), "consents")
    if _says_only_when(reply):
        return Interpretation(joined(Label.YES, Label.TEXT), "says when to call")
    if willing.will is not Will.NOTHING:
        return willing.interpretation
    if asked := request(reply):
        return asked
    kept = text if willing.words else None
    return Interpretation(joined(Label.REASK, kept), "neither yes nor no")


def _says_only_when(reply: Reply) -> bool:
    """Whether it names the time that would suit, with or without a yes; "later" is no such time."""
    topics = (Topic.CALL_TIMES, Topic.COURTESY, Topic.YES)
    row = segments(reply.reading, reply.lexicon.topics, topics)
    named = reply.lexicon[Topic.CALL_TIMES].first(reply.reading.plain)
    return named is not None and all(one.topic for one in row)
