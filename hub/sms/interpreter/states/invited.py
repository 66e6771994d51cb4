"""Pure: the reply to "do you want to give us your opinion?"."""

from hub.sms.interpreter.labels import Interpretation, Label
from hub.sms.interpreter.lexicon import Topic
from hub.sms.interpreter.reply import Reply, request
from hub.sms.interpreter.scores import interpret_score
from hub.sms.interpreter.willingness import Will

LEAST_WILLING_NUMBER = 3
"""0, 1 and 2 before the question may be an answer from a menu."""


def invited(reply: Reply) -> Interpretation:
    """Yes, no, or the question again; a score shows willingness and is not recorded."""
    if asked := request(reply):
        return asked
    if reply.willing.will is Will.NOTHING:
        return _otherwise(reply)
    if reply.willing.will is Will.NO and reply.numbers.scores:
        return Interpretation(Label.REASK, "a no beside a number")
    return reply.willing.interpretation


def _otherwise(reply: Reply) -> Interpretation:
    if reply.reading.asks and reply.says(Topic.ASKS):
        return Interpretation(Label.HELP, "a question")
    scored = interpret_score(reply)
    if scored.score is not None and Label.TEXT not in scored.labels:
        if scored.score >= LEAST_WILLING_NUMBER:
            return Interpretation(Label.YES, "a score before the question: willing, not recorded")
        return Interpretation(Label.REASK, "a small number before the question")
    if reply.is_comment and not reply.numbers.not_integer:
        return Interpretation(Label.TEXT_PENDING, "a comment before the question")
    return Interpretation(Label.REASK, "not understood")
