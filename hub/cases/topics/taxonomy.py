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
            "on_the_day": "Waited on the day",
            "queue": "Queue",
            "for_an_appointment": "Long until an appointment",
            "for_results": "Long until results",
        },
    ),
    Topic.RUDENESS: Names(
        N_("Rudeness"),
        {"tone": "Unfriendly tone", "ignored": "Ignored", "humiliated": "Humiliated"},
    ),
    Topic.NOT_INFORMED: Names(
        N_("Not informed"),
        {
            "preparation": "Not told beforehand",
            "change_or_cancellation": "Change or cancellation not told",
            "wayfinding": "Could not find the way",
            "progress": "No news of what happens",
            "contradictory": "Contradictory or wrong information",
        },
    ),
    Topic.NOT_REMINDED: Names(
        N_("Not reminded"),
        {"no_reminder": "No reminder", "wrong_reminder": "Late or wrong reminder"},
    ),
    Topic.NOT_UNDERSTOOD: Names(
        N_("Not understood"),
        {
            "jargon": "Explanation not understood",
            "language": "Language",
            "unclear_treatment": "Unclear how to follow the treatment",
        },
    ),
    Topic.INCONVENIENT_TIME: Names(
        N_("Inconvenient time"),
        {
            "working_hours": "Opening hours",
            "slot": "Hour of the appointment",
            "rescheduled": "Appointment moved",
        },
    ),
    Topic.CLEANLINESS: Names(
        N_("Cleanliness"),
        {
            "rooms": "Dirty rooms",
            "hygiene_of_staff": "Hygiene of staff",
            "cleaning_in_the_way": "Cleaning among patients",
            "smell_and_vermin": "Smell, vermin",
        },
    ),
    Topic.TOILET: Names(
        N_("Toilet"),
        {
            "supplies": "Paper, soap, equipment",
            "closed_or_broken": "Closed or broken",
            "dirty": "Dirty",
        },
    ),
    Topic.NO_WRITTEN_PRESCRIPTION: Names(
        N_("No written prescription"),
        {
            "prescription": "Prescription missing",
            "written_instructions": "Treatment only told",
            "report": "Report missing",
        },
    ),
    Topic.PRICE: Names(
        N_("Price"),
        {
            "too_expensive": "Too expensive",
            "unexpected_charge": "Unexpected charge",
            "billing": "Bill, refund, insurance",
        },
    ),
    Topic.PHONE_UNREACHABLE: Names(
        N_("Telephone"),
        {"not_answered": "Not answered", "no_call_back": "Not called back"},
    ),
    Topic.ACCESSIBILITY: Names(
        N_("Accessibility"), {"mobility": "Moving about", "senses": "Hearing, seeing"}
    ),
    Topic.CLINICAL_QUALITY: Names(
        N_("Clinical quality"),
        {
            "diagnosis": "Diagnosis",
            "treatment": "Treatment",
            "pain": "Pain",
            "examination": "Superficial examination",
            "safety": "Samples, results, safety",
        },
    ),
    Topic.PRIVACY: Names(
        N_("Privacy"),
        {"overheard": "Overheard", "exposed": "Exposed to view", "records": "Records disclosed"},
    ),
    Topic.FACILITIES: Names(
        N_("Facilities"),
        {
            "comfort": "Comfort",
            "equipment": "Equipment",
            "parking": "Parking",
            "building": "Building",
            "catering": "Food, water",
        },
    ),
    Topic.PRAISE: Names(
        N_("Praise"),
        {"everything": "Everything", "staff": "Staff", "service": "Service", "result": "Result"},
    ),
    Topic.OTHER: Names(
        N_("Other"),
        {
            "question": "Question",
            "lost_property": "Lost property",
            "paperwork": "Paperwork",
            "nothing_to_say": "Nothing to say",
        },
    ),
}
