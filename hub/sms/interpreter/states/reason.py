"""Pure: the reply to "may we ask why?"."""

from hub.sms.interpreter.labels import Interpretation, Label, joined
from hub.sms.interpreter.lexicon import Topic
from hub.sms.interpreter.reply import Reply, wants_call
from hub.sms.interpreter.segments import leftover, segments

_NOTHING = (Topic.NOTHING_TO_ADD, Topic.SKIPS, Topic.COURTESY, Topic.NO, Topic.REFUSES)
_CALL = (Topic.CALL_ME, Topic.COURTESY, Topic.FRAME)


def awaiting_reason(reply: Reply) -> Interpretation:
    """Any words are kept, unless they say that there are none."""
    if not reply.reading.tokens:
        return Interpretation(Label.REASK, "empty")
    if all(one.topic for one in segments(reply.reading, reply.lexicon.topics, _NOTHING)):
        return Interpretation(Label.SKIP, "nothing to add")
    if wants_call(reply):
        row = segments(reply.reading, reply.lexicon.topics, _CALL)
        text = Label.TEXT if leftover(reply.reading, row, reply.phones) else None
        return Interpretation(joined(Label.CALLBACK_REQUEST, text), "wants to be called")
    return Interpretation(Label.TEXT, "kept as the answer")
