"""Pure: the reply to "from 0 to 10, would you recommend us?"."""

from hub.sms.interpreter.labels import Interpretation, Label
from hub.sms.interpreter.reply import Reply, request
from hub.sms.interpreter.scores import interpret_score


def awaiting_score(reply: Reply) -> Interpretation:
    """A score; a request where there is none."""
    scored = interpret_score(reply)
    if scored.score is None and not scored.labels & {Label.CONFIRM, Label.SKIP}:
        return request(reply) or scored
    return scored
