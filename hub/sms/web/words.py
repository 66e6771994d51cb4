"""Pure: plain words for the codes that campaigns and conversations carry, and how templates are grouped on a page."""

from hub.core.texts import N_
from hub.sms.engine.templates import Template

LANGUAGES = {"es": "Español", "ca": "Català", "ru": "Русский", "en": "English"}
"""In which patients are written to, each by its own name."""

TRIGGERS = {
    "visit_ended": N_("After a visit"),
    "treatment_day": N_("On a day of a treatment"),
    "discharge": N_("After discharge"),
    "by_hand": N_("When somebody says so"),
    "demonstration": N_("Demonstration: whoever texts the keyword"),
}

STATES = {
    "draft": N_("not begun"),
    "running": N_("running"),
    "paused": N_("paused"),
    "stopped": N_("stopped"),
}

TONES = {"draft": "", "running": "good", "paused": "warn", "stopped": ""}

REASONS = {
    "not_sampled": N_("not drawn"),
    "quota_full": N_("the quota of their group was full"),
    "opted_out": N_("want no messages"),
    "asked_recently": N_("asked within the last 30 days"),
    "too_late": N_("too long ago"),
    "stopped": N_("the campaign was stopped"),
    "offered": N_("not drawn yet"),
}
"""Why somebody is not asked."""

TALKS = {
    "INVITED": N_("invited"),
    "AWAIT_SCORE": N_("asked for a score"),
    "AWAIT_REASON": N_("asked why"),
    "AWAIT_CALL_CONSENT": N_("asked about a call"),
    "COMPLETED": N_("completed"),
    "DECLINED": N_("declined"),
    "EXPIRED": N_("no answer in time"),
    "OPTED_OUT": N_("wants no messages"),
    "NO_SESSION": N_("wrote unasked"),
    "DEMO_OPEN": N_("demonstration"),
    "REMINDER": N_("about an appointment"),
}
"""Where a conversation stands."""

KINDS = {
    "survey": N_("survey"),
    "demonstration": N_("demonstration"),
    "appointment": N_("appointment"),
    "unasked": N_("unasked"),
}

SHOWS = {
    "all": N_("All"),
    "open": N_("Open"),
    "scored": N_("With a score"),
    "paused": N_("A person is needed"),
    "unhappy": N_("Unhappy"),
    "late": N_("Late or twice"),
}

DELIVERIES = {
    "waiting": N_("waits to be sent"),
    "sending": N_("is being sent"),
    "unknown": N_("perhaps sent"),
    "unresolved": N_("nobody knows whether it was sent"),
    "accepted": N_("was sent"),
    "submitted": N_("was sent"),
    "delivered": N_("was delivered"),
    "failed": N_("not delivered"),
    "refused": N_("refused by the gateway"),
    "withheld": N_("not sent"),
}

ALERTS = {
    "detractor": N_("A patient is unhappy"),
    "danger": N_("A patient may be in danger"),
    "person_needed": N_("A patient needs a person"),
    "unresolved": N_("It is not known whether a message was sent"),
}

COLUMNS = {
    "telephone": N_("Telephone"),
    "patient": N_("Patient number"),
    "name": N_("Name"),
    "language": N_("Language"),
    "employee": N_("Employee"),
    "touchpoint": N_("Touchpoint"),
    "stratum": N_("Group"),
    "happened": N_("Date of the visit, first day or discharge"),
    "time_zone": N_("Time zone"),
}
"""What a list may tell of a patient."""

GROUPS: dict[str, tuple[Template, ...]] = {
    N_("Invitation"): (Template.INVITE, Template.INVITE_AGAIN, Template.PROPOSE_YES),
    N_("Question"): (
        Template.ASK_SCORE,
        Template.ASK_SCORE_AGAIN,
        Template.ASK_SCORE_IN_RANGE,
        Template.PROPOSE_SCORE,
    ),
    N_("Thanks for 9 and 10"): (Template.THANK_PROMOTER,),
    N_("Thanks for 7 and 8"): (Template.THANK_PASSIVE,),
    N_("After 0 to 6"): (
        Template.ASK_REASON,
        Template.ASK_CALL,
        Template.ASK_CALL_AGAIN,
        Template.THANK_CALL,
        Template.THANK_NO_CALL,
    ),
    N_("Who does not take part"): (
        Template.THANK_DECLINED,
        Template.THANK_SKIPPED,
        Template.SORRY_WRONG_PERSON,
        Template.OVER,
    ),
    N_("At any time"): (
        Template.HELP,
        Template.STOPPED,
        Template.STARTED,
        Template.EMERGENCY,
        Template.PERSON_WILL_ANSWER,
    ),
    N_("Beside appointments"): (
        Template.WHICH,
        Template.APPOINTMENT_KEPT,
        Template.APPOINTMENT_CANCELLED,
        Template.ASK_APPOINTMENT_AGAIN,
    ),
}

TEMPLATES = {
    Template.INVITE: N_("First message"),
    Template.INVITE_AGAIN: N_("When the answer was not understood, and as a reminder"),
    Template.PROPOSE_YES: N_("When it was perhaps a yes"),
    Template.ASK_SCORE: N_("The question"),
    Template.ASK_SCORE_AGAIN: N_("When the answer was not understood, and as a reminder"),
    Template.ASK_SCORE_IN_RANGE: N_("When it was no number from 0 to 10"),
    Template.PROPOSE_SCORE: N_("When it was perhaps a number"),
    Template.THANK_PROMOTER: N_("Thanks"),
    Template.THANK_PASSIVE: N_("Thanks"),
    Template.ASK_REASON: N_("Asks why"),
    Template.ASK_CALL: N_("Asks whether to call"),
    Template.ASK_CALL_AGAIN: N_("Asks again whether to call"),
    Template.THANK_CALL: N_("When a call is wanted"),
    Template.THANK_NO_CALL: N_("When no call is wanted"),
    Template.THANK_DECLINED: N_("After a no"),
    Template.THANK_SKIPPED: N_("When the question is skipped"),
    Template.SORRY_WRONG_PERSON: N_("When it is the wrong person"),
    Template.OVER: N_("When it is too late"),
    Template.HELP: N_("Who writes, and why"),
    Template.STOPPED: N_("Confirms that no more messages come"),
    Template.STARTED: N_("Confirms that messages come again"),
    Template.EMERGENCY: N_("When somebody may be in danger"),
    Template.PERSON_WILL_ANSWER: N_("When a person will answer"),
    Template.WHICH: N_("Survey or appointment?"),
    Template.APPOINTMENT_KEPT: N_("Appointment confirmed"),
    Template.APPOINTMENT_CANCELLED: N_("Appointment cancelled"),
    Template.ASK_APPOINTMENT_AGAIN: N_("When the answer to a reminder was not understood"),
}
"""What each message is for."""
