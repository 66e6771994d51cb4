"""What patients say at a terminal: presses, answers on the screen, a wish to be called."""

from typing import Annotated, Literal

from pydantic import Field

from contract.messages.envelope import Code, Message, Natural, Part, Positive, Text, Uuid

Flags = Annotated[list[Code], Field(max_length=16)]
"""Why an answer is left out of the figures: `repeat`, `play`, `storm`, `out_of_hours` …; empty for a plain one."""

OUT_OF_HOURS = "out_of_hours"
"""Said while the facility is closed: left out of the figures, and yet somebody's word."""

Value = Annotated[int, Field(ge=-1000, le=1000)] | Code
"""An answer: a number (a score) or a code (`yes`, `no`, `hard_to_say`, `positive` …)."""


class Asked(Part):
    """What was asked when the answer was given, as the terminal knew it; None where it did not know."""

    survey: Code
    question: Code
    survey_version: Positive = 1


class ButtonPressed(Message):
    """A finger on a button. `asked` and `value` are what the button meant at that moment."""

    type: Literal["ButtonPressed"] = "ButtonPressed"
    panel: Code
    button: Annotated[int, Field(ge=1, le=1024)]
    asked: Asked | None = None
    value: Value | None = None
    touchpoint: Code | None = None
    shift: Code | None = None
    employee: Code | None = None
    flags: Flags = []
    visit: Uuid | None = None
    """The person at the touch screen whose question this press answered; None for a press by itself."""


class Reference(Part):
    """Another message of the same device."""

    epoch: Natural
    sequence: Positive


class PressesFlagged(Message):
    """Presses already told turn out to be part of something (a child at play): they get one more flag."""

    type: Literal["PressesFlagged"] = "PressesFlagged"
    presses: Annotated[list[Reference], Field(min_length=1, max_length=500)]
    flag: Code


class SurveyAnswered(Message):
    """One answer on the touch screen; `visit` ties the answers of one person in front of the screen together."""

    type: Literal["SurveyAnswered"] = "SurveyAnswered"
    visit: Uuid
    asked: Asked
    value: Value
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    touchpoint: Code | None = None
    shift: Code | None = None
    employee: Code | None = None
    flags: Flags = []


class ContactLeft(Message):
    """A wish to be called back. The only message with a telephone; encrypted at rest on both sides."""

    type: Literal["ContactLeft"] = "ContactLeft"
    visit: Uuid
    phone: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
    comment: Text = ""
    consent: Code
    """The version of the text that the patient agreed to."""
    consent_text: Text = ""
    """That text itself, in the language in which it was shown."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None


PERSONAL = frozenset({"ContactLeft", "SmsArrived"})
"""Types that name or reach a person: encrypted wherever they are kept."""
