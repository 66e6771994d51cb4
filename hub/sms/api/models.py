"""What the REST resources of SMS take and give, where it is not what the services do."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contract.messages.envelope import MAX_INT, Identifier
from contract.topics import IDENTIFIER_PATTERN
from hub.core.row_problems import RowProblem
from hub.sms.campaigns.definitions import Campaign, CampaignState
from hub.sms.campaigns.policy import Policy, Trigger
from hub.sms.campaigns.schemas import Language
from hub.sms.engine.templates import Template
from hub.sms.invitations.columns import Column
from hub.sms.invitations.intake import Preview, Shown

ConversationId = Annotated[int, Path(ge=1, le=MAX_INT)]
AlertId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
CampaignId = Annotated[str, Path(pattern=IDENTIFIER_PATTERN)]
FacilityId = Annotated[str, Path(pattern=IDENTIFIER_PATTERN)]
CampaignWanted = Annotated[str | None, Query(pattern=IDENTIFIER_PATTERN)]
Day = Annotated[date, Query(ge=date(2000, 1, 1), le=date(2200, 1, 1))]
Cell = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$"),
]


class CampaignModel(BaseModel):
    """A campaign."""

    id: str
    facility: str
    name: str
    survey: str
    language: str
    trigger: Trigger
    keyword: str
    state: CampaignState
    policy: Policy
    created_ms: int

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignModel":
        """As it is told outside."""
        return cls.model_validate(campaign, from_attributes=True)


class StateWanted(BaseModel):
    """What a campaign is to do."""

    state: Literal[CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.STOPPED]


class Words(BaseModel):
    """One message's words; empty goes back to the standard ones."""

    model_config = ConfigDict(extra="forbid")

    language: Language
    template: Template
    text: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=1000, pattern=r"^[^\x00]*$")
    ]


class TextToPreview(BaseModel):
    """Words that are being written."""

    text: Annotated[str, StringConstraints(max_length=1000)]


class Problem(BaseModel):
    """What is wrong in one row."""

    line: int
    field: str
    detail: str

    @classmethod
    def of(cls, problem: RowProblem) -> "Problem":
        """As it is told outside."""
        return cls(**problem._asdict())


class ListPreview(BaseModel):
    """What a list would do; while there is a problem, it cannot be taken in."""

    columns: list[str]
    mapping: dict[Column, str]
    rows: int
    problems: list[Problem]
    first: list[Shown]

    @classmethod
    def of(cls, preview: Preview) -> "ListPreview":
        """As it is told outside."""
        problems = [Problem.of(problem) for problem in preview.problems]
        return cls(
            columns=preview.columns,
            mapping=preview.mapping,
            rows=preview.rows,
            problems=problems,
            first=preview.first,
        )


class Patient(BaseModel):
    """Somebody to be asked; dates are ISO 8601, telephones as they are written in the campaign's region."""

    model_config = ConfigDict(extra="forbid")

    telephone: Cell
    patient: Cell = ""
    name: Cell = ""
    language: Cell = ""
    employee: Cell = ""
    touchpoint: Cell = ""
    stratum: Cell = ""
    happened: Cell = ""
    time_zone: Cell = ""

    def cells(self) -> dict[Column, str]:
        """Those that say something."""
        return {Column(name): value for name, value in self.model_dump().items() if value}


MOST_PEOPLE = 20


class Person(BaseModel):
    """Somebody of the chain, and how long they have before the next one is told."""

    model_config = ConfigDict(extra="forbid")

    address: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
    minutes: int = Field(default=30, ge=1, le=24 * 60)


class Answer(BaseModel):
    """What one of the staff writes to a patient."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class AppointmentReminder(BaseModel):
    """That a patient was reminded of an appointment, by whomever: answers to it are expected until then."""

    model_config = ConfigDict(extra="forbid")

    facility: Identifier
    telephone: Cell
    reference: Identifier
    language: Language = "es"
    until_ms: int = Field(ge=0, le=2**53)


class Stopped(BaseModel):
    """A telephone that wants no messages any more, or wants them again on the patient's explicit word."""

    model_config = ConfigDict(extra="forbid")

    facility: Identifier
    telephone: Cell
    stopped: bool = True
