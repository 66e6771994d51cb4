"""Pure: the reply to the reminder of an appointment, alone or beside a survey."""

from hub.sms.interpreter.labels import Interpretation, Label
from hub.sms.interpreter.lexicon import Topic
from hub.sms.interpreter.reply import Reply, request
from hub.sms.interpreter.scores import interpret_score
from hub.sms.interpreter.willingness import Will

_APPOINTMENT = (Topic.KEEPS_APPOINTMENT, Topic.CANCELS_APPOINTMENT)


def reminded(reply: Reply) -> Interpretation:
    """Keeps, cancels, or wants something that a person must do."""
    if cancelled := _cancels(reply):
        return cancelled
    if asked := request(reply):
        return asked
    if reply.reading.asks:
        return Interpretation(Label.ROUTE_AGENT, "a question about the appointment")
    will = reply.willing.will
    if will is Will.YES or (
        reply.says(Topic.KEEPS_APPOINTMENT) and will not in {Will.NO, Will.UNDECIDED}
    ):
        return Interpretation(Label.CONFIRM_APPT, "keeps the appointment")
    if will is Will.NO:
        return Interpretation(Label.CANCEL_APPT, "no to the reminder")
    return _neither(reply)


def _neither(reply: Reply) -> Interpretation:
    if reply.is_courtesy:
        return Interpretation(Label.NOOP, "courtesy")
    return Interpretation(Label.REASK, "not understood")


def _cancels(reply: Reply) -> Interpretation | None:
    cancels = reply.lexicon[Topic.CANCELS_APPOINTMENT]
    words = cancels.first(reply.reading.plain)
    if not words or (reply.willing.will is Will.YES and not reply.willing.words):
        return None
    if reply.lexicon[Topic.CLINIC_REQUEST].first_outside(reply.reading.plain, cancels):
        return Interpretation(Label.ROUTE_AGENT, "wants another appointment")
    return Interpretation(Label.CANCEL_APPT, f"cancels: “{words}”")


def two_open(reply: Reply) -> Interpretation:
    """Which of the two is meant is asked, unless only one of them can be."""
    if asked := request(reply):
        return asked
    if interpret_score(reply).score is not None:
        return Interpretation(Label.SCORE_PENDING, "only the survey asks for a number")
    if reply.is_courtesy:
        return Interpretation(Label.NOOP, "courtesy")
    about_appointment = any(reply.says(topic) for topic in _APPOINTMENT)
    if reply.is_comment and reply.willing.will is Will.NOTHING and not about_appointment:
        return Interpretation(Label.TEXT_PENDING, "only the survey asks for words")
    return Interpretation(Label.ASK_WHICH, "a survey and a reminder are open")
