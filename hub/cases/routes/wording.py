"""Texts of the cases' pages: what codes are called, each to be translated when it is shown. Pure."""

from collections.abc import Mapping

from hub.cases.topics.taxonomy import TAXONOMY
from hub.core.texts import N_

STATUSES: Mapping[str, str] = {
    "new": N_("New"),
    "contacting": N_("Contacting"),
    "qualified": N_("Qualified"),
    "investigating": N_("Investigating"),
    "action_taken": N_("Action taken"),
    "client_informed": N_("Patient informed"),
    "closed": N_("Closed"),
    "unreachable": N_("Not reachable"),
    "no_consent": N_("Wants no contact"),
    "duplicate": N_("Duplicate"),
}
TONES: Mapping[str, str] = {
    "new": "bad",
    "contacting": "warn",
    "qualified": "warn",
    "investigating": "warn",
    "action_taken": "good",
    "client_informed": "good",
    "closed": "",
    "unreachable": "",
    "no_consent": "",
    "duplicate": "",
}
SOURCES: Mapping[str, str] = {
    "terminal": N_("Terminal"),
    "sms": N_("SMS"),
    "qr": N_("QR code"),
    "web": N_("Web form"),
    "urgent": N_("Urgent text"),
    "by_hand": N_("Told to the staff"),
    "review": N_("Review"),
}
STEPS: Mapping[str, str] = {
    "called": N_("called"),
    "qualified": N_("qualified"),
    "commented": N_("commented"),
    "assigned": N_("assigned"),
    "controlled": N_("controlled"),
    "informed": N_("informed"),
}
ACTIVITIES: Mapping[str, str] = {
    "calling": N_("Calling"),
    "qualifying": N_("Finding out"),
    "investigating": N_("Investigating"),
    "writing": N_("Writing"),
    "meeting": N_("Meeting"),
    "other": N_("Something else"),
}
OUTCOMES: Mapping[str, str] = {
    "reached": N_("Reached"),
    "no_answer": N_("No answer"),
    "voicemail": N_("Voicemail"),
    "busy": N_("Busy"),
    "later": N_("Wants another time"),
    "wrong_number": N_("Wrong number"),
    "refused": N_("Does not want to talk"),
}
PARTS: Mapping[str, str] = {
    "morning": N_("in the morning"),
    "midday": N_("at midday"),
    "afternoon": N_("in the afternoon"),
    "evening": N_("in the evening"),
}
DEADLINES: Mapping[str, str] = {
    "first_call": N_("First call"),
    "investigation": N_("Investigation"),
}
CHAPTERS: Mapping[str, str] = {
    "opened": N_("The complaint came in"),
    "answer_joined": N_("The answer at the terminal was joined"),
    "topic_suggested": N_("Topics were suggested from the words"),
    "topic": N_("The topic was chosen"),
    "status": N_("The status changed"),
    "merged": N_("Merged into another case"),
    "absorbed": N_("Another case was merged into this one"),
    "parted": N_("Parted again"),
    "waiting": N_("Waiting for the patient"),
    "resumed": N_("No longer waiting for the patient"),
    "assigned": N_("Assigned"),
    "controlled": N_("Controlled"),
    "comment": N_("Comment"),
    "comment_edited": N_("Comment changed"),
    "call": N_("Call"),
    "call_wished": N_("The patient said when to call"),
    "call_allowed": N_("The patient may be called"),
    "call_refused": N_("The patient does not want to be called"),
    "asked_when": N_("An SMS asks when to call"),
    "wrote": N_("The patient wrote"),
    "wrong_person": N_("It was somebody else's telephone"),
    "urgent": N_("It became urgent"),
    "receipt_sent": N_("The receipt was sent by SMS"),
    "mail_written": N_("An e-mail was written"),
    "mail_approved": N_("The e-mail was approved"),
    "mail_sent": N_("The e-mail was sent"),
    "mail_withheld": N_("The e-mail was held back"),
    "mail_refused": N_("The e-mail was refused"),
}
STAGES: Mapping[str, str] = {
    "received": N_("We have received your complaint"),
    "looked_into": N_("We are looking into it"),
    "acted": N_("We have done something about it"),
    "finished": N_("It is settled"),
}
GROUPS: Mapping[str, str] = {
    "topic": N_("Topic"),
    "employee": N_("Employee"),
    "touchpoint": N_("Touchpoint"),
    "stage": N_("Status"),
}
PROBLEM_STATES: Mapping[str, str] = {
    "open": N_("Open"),
    "acting": N_("Being acted upon"),
    "standard": N_("New standard"),
    "checked": N_("Effect checked"),
    "closed": N_("Closed"),
}
REASONS: Mapping[str, str] = {
    "repeated": N_("Three complaints in 30 days"),
    "rise": N_("More complaints than chance explains"),
}
VERDICTS: Mapping[str, str] = {
    "better": N_("Fewer complaints than before"),
    "worse": N_("More complaints than before"),
    "uncertain": N_("No certain difference"),
}
WHY: Mapping[str, str] = {
    "topic": N_("knows the topic"),
    "language": N_("speaks the language"),
    "spoke_before": N_("spoke with the patient before"),
}
TOPICS: Mapping[str, str] = {topic.value: names.name for topic, names in TAXONOMY.items()}
SUBTOPICS: Mapping[str, str] = {
    f"{topic.value}/{code}": name
    for topic, names in TAXONOMY.items()
    for code, name in names.subtopics.items()
}
"""By the codes of both levels."""
ANSWERS: Mapping[str, str] = {
    "no": N_("No"),
    "bad": N_("Bad"),
    "very_bad": N_("Very bad"),
    "negative": N_("Negative"),
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "statuses": STATUSES,
    "tones": TONES,
    "sources": SOURCES,
    "steps": STEPS,
    "activities": ACTIVITIES,
    "outcomes": OUTCOMES,
    "parts": PARTS,
    "deadlines": DEADLINES,
    "chapters": CHAPTERS,
    "topics": TOPICS,
    "subtopics": SUBTOPICS,
    "reasons": REASONS,
    "states": PROBLEM_STATES,
    "verdicts": VERDICTS,
    "why": WHY,
    "answers": ANSWERS,
}
"""Everything that templates look up by a code."""
