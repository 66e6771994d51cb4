"""Pure: what patients write about, in two levels; which codes exist and what they are called, nothing else.

The codes are stored with cases and typed in commands: they are never renamed. The names are English message
ids, translated where they are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hub.core.texts import N_


class Topic(StrEnum):
    """The first level."""

    WAITING = "waiting"
    RUDENESS = "rudeness"
    NOT_INFORMED = "not_informed"
    NOT_REMINDED = "not_reminded"
    NOT_UNDERSTOOD = "not_understood"
    INCONVENIENT_TIME = "inconvenient_time"
    CLEANLINESS = "cleanliness"
    TOILET = "toilet"
    NO_WRITTEN_PRESCRIPTION = "no_written_prescription"
    PRICE = "price"
    PHONE_UNREACHABLE = "phone_unreachable"
    ACCESSIBILITY = "accessibility"
    CLINICAL_QUALITY = "clinical_quality"
    PRIVACY = "privacy"
    FACILITIES = "facilities"
    PRAISE = "praise"
    OTHER = "other"


@dataclass(frozen=True)
class Names:
    """What a topic is called, and its subtopics by their codes."""

    name: str
    subtopics: Mapping[str, str]


TAXONOMY: Mapping[Topic, Names] = {
    Topic.WAITING: Names(
        N_("Waiting"),
        {
            "on_the_day": N_("Waited on the day"),
            "queue": N_("Queue"),
            "for_an_appointment": N_("Long until an appointment"),
            "for_results": N_("Long until results"),
        },
    ),
    Topic.RUDENESS: Names(
        N_("Rudeness"),
        {"tone": N_("Unfriendly tone"), "ignored": N_("Ignored"), "humiliated": N_("Humiliated")},
    ),
    Topic.NOT_INFORMED: Names(
        N_("Not informed"),
        {
            "preparation": N_("Not told beforehand"),
            "change_or_cancellation": N_("Change or cancellation not told"),
            "wayfinding": N_("Could not find the way"),
            "progress": N_("No news of what happens"),
            "contradictory": N_("Contradictory or wrong information"),
        },
    ),
    Topic.NOT_REMINDED: Names(
        N_("Not reminded"),
        {"no_reminder": N_("No reminder"), "wrong_reminder": N_("Late or wrong reminder")},
    ),
    Topic.NOT_UNDERSTOOD: Names(
        N_("Not understood"),
        {
            "jargon": N_("Explanation not understood"),
            "language": N_("Language"),
            "unclear_treatment": N_("Unclear how to follow the treatment"),
        },
    ),
    Topic.INCONVENIENT_TIME: Names(
        N_("Inconvenient time"),
        {
            "working_hours": N_("Opening hours"),
            "slot": N_("Hour of the appointment"),
            "rescheduled": N_("Appointment moved"),
        },
    ),
    Topic.CLEANLINESS: Names(
        N_("Cleanliness"),
        {
            "rooms": N_("Dirty rooms"),
            "hygiene_of_staff": N_("Hygiene of staff"),
            "cleaning_in_the_way": N_("Cleaning among patients"),
            "smell_and_vermin": N_("Smell, vermin"),
        },
    ),
    Topic.TOILET: Names(
        N_("Toilet"),
        {
            "supplies": N_("Paper, soap, equipment"),
            "closed_or_broken": N_("Closed or broken"),
            "dirty": N_("Dirty"),
        },
    ),
    Topic.NO_WRITTEN_PRESCRIPTION: Names(
        N_("No written prescription"),
        {
            "prescription": N_("Prescription missing"),
            "written_instructions": N_("Treatment only told"),
            "report": N_("Report missing"),
        },
    ),
    Topic.PRICE: Names(
        N_("Price"),
        {
            "too_expensive": N_("Too expensive"),
            "unexpected_charge": N_("Unexpected charge"),
            "billing": N_("Bill, refund, insurance"),
        },
    ),
    Topic.PHONE_UNREACHABLE: Names(
        N_("Telephone"),
        {"not_answered": N_("Not answered"), "no_call_back": N_("Not called back")},
    ),
    Topic.ACCESSIBILITY: Names(
        N_("Accessibility"), {"mobility": N_("Moving about"), "senses": N_("Hearing, seeing")}
    ),
    Topic.CLINICAL_QUALITY: Names(
        N_("Clinical quality"),
        {
            "diagnosis": N_("Diagnosis"),
            "treatment": N_("Treatment"),
            "pain": N_("Pain"),
            "examination": N_("Superficial examination"),
            "safety": N_("Samples, results, safety"),
        },
    ),
    Topic.PRIVACY: Names(
        N_("Privacy"),
        {
            "overheard": N_("Overheard"),
            "exposed": N_("Exposed to view"),
            "records": N_("Records disclosed"),
        },
    ),
    Topic.FACILITIES: Names(
        N_("Facilities"),
        {
            "comfort": N_("Comfort"),
            "equipment": N_("Equipment"),
            "parking": N_("Parking"),
            "building": N_("Building"),
            "catering": N_("Food, water"),
        },
    ),
    Topic.PRAISE: Names(
        N_("Praise"),
        {
            "everything": N_("Everything"),
            "staff": N_("Staff"),
            "service": N_("Service"),
            "result": N_("Result"),
        },
    ),
    Topic.OTHER: Names(
        N_("Other"),
        {
            "question": N_("Question"),
            "lost_property": N_("Lost property"),
            "paperwork": N_("Paperwork"),
            "nothing_to_say": N_("Nothing to say"),
        },
    ),
}
