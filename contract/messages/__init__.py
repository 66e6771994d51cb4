"""Every message type there is. A new one is added here and to the golden payloads, and is never taken away."""

from contract.messages.answers import (
    Asked,
    ButtonPressed,
    ContactLeft,
    PressesFlagged,
    Reference,
    SurveyAnswered,
)
from contract.messages.envelope import Message, Part, Stamp
from contract.messages.jobs import JobReported
from contract.messages.observations import (
    DeviceBorn,
    HealthReported,
    MessagesDropped,
    PhotoTaken,
    PresenceCounted,
    Range,
    SelfTested,
    SmilesCounted,
)
from contract.messages.sms import SmsArrived, SmsReported

MESSAGE_TYPES: dict[str, type[Message]] = {
    "ButtonPressed": ButtonPressed,
    "ContactLeft": ContactLeft,
    "DeviceBorn": DeviceBorn,
    "HealthReported": HealthReported,
    "JobReported": JobReported,
    "MessagesDropped": MessagesDropped,
    "PhotoTaken": PhotoTaken,
    "PresenceCounted": PresenceCounted,
    "PressesFlagged": PressesFlagged,
    "SelfTested": SelfTested,
    "SmilesCounted": SmilesCounted,
    "SmsArrived": SmsArrived,
    "SmsReported": SmsReported,
    "SurveyAnswered": SurveyAnswered,
}

EXPENDABLE = frozenset({"HealthReported", "PhotoTaken", "PresenceCounted", "SmilesCounted"})
"""What a full outbox may give up. Everything else is something that a patient said, or explains a gap."""

__all__ = [
    "EXPENDABLE",
    "MESSAGE_TYPES",
    "Asked",
    "ButtonPressed",
    "ContactLeft",
    "DeviceBorn",
    "HealthReported",
    "JobReported",
    "Message",
    "MessagesDropped",
    "Part",
    "PhotoTaken",
    "PresenceCounted",
    "PressesFlagged",
    "Range",
    "Reference",
    "SelfTested",
    "SmilesCounted",
    "SmsArrived",
    "SmsReported",
    "Stamp",
    "SurveyAnswered",
]
