"""Pure: how a reply was understood, in plain words."""

from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.sms.interpreter.labels import Label

MEANINGS: dict[Label, str] = {
    Label.YES: N_("yes"),
    Label.NO: N_("no"),
    Label.CONFIRM: N_("perhaps a score: asked again"),
    Label.REASK: N_("not understood: asked again"),
    Label.REASK_RANGE: N_("no number from 0 to 10: asked again"),
    Label.SKIP: N_("would rather not say"),
    Label.TEXT: N_("in their own words"),
    Label.OPT_OUT: N_("wants no messages"),
    Label.OPT_IN: N_("wants messages again"),
    Label.HELP: N_("asks who writes"),
    Label.WRONG_PERSON: N_("wrong person"),
    Label.CALLBACK_REQUEST: N_("wants to be called"),
    Label.ESCALATE_URGENT: N_("may be in danger"),
    Label.ESCALATE_HUMAN: N_("needs a person"),
    Label.IGNORE_AUTOREPLY: N_("an automatic answer"),
    Label.DUPLICATE: N_("came twice"),
    Label.LATE: N_("came too late"),
    Label.NOOP: N_("needs no answer"),
    Label.NOOP_HELP: N_("needs no answer"),
    Label.ROUTE_AGENT: N_("a request to the clinic"),
    Label.CONFIRM_APPT: N_("comes to the appointment"),
    Label.CANCEL_APPT: N_("cancels the appointment"),
    Label.ASK_WHICH: N_("survey or appointment: asked which"),
    Label.SCORE_PENDING: N_("a score, kept until the survey is accepted"),
    Label.TEXT_PENDING: N_("words, kept until the survey is accepted"),
    Label.TEXT_TO_CASE: N_("added to the case"),
}


def understood(meaning: str) -> str:
    """Such as `SCORE:9+TEXT`, as the reader says it; a meaning of another version as it is."""
    return ", ".join(_one(*part.partition(":")) for part in meaning.split("+") if part)


def _one(label: str, _colon: str, value: str) -> str:
    if label == Label.SCORE:
        return _("%(score)s of 10") % {"score": value}
    return _(MEANINGS[Label(label)]) if label in MEANINGS else label
