"""Cases as programs give and get them."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from contract.messages.envelope import MAX_INT, Code, Identifier
from hub.cases.calling.attempts import Outcome
from hub.cases.casework.comments import Audience
from hub.cases.casework.statuses import MOST_MINUTES, Status
from hub.cases.labour.entries import Activity
from hub.cases.topics.taxonomy import Topic
from hub.identity.schemas import Country, Given, Line, Moment, Region

Words = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Field(ge=0, le=MAX_INT)]
Account = Annotated[int, Field(ge=0, le=2**31 - 1)]
Minutes = Annotated[
    int, Field(ge=0, le=MOST_MINUTES, description="How much work it took; 0 is an answer, too")
]
Phone = Annotated[str, StringConstraints(pattern=r"^(\+[1-9][0-9]{6,14})?$")]
Mail = Annotated[str, StringConstraints(max_length=254, pattern=r"^([^@\s\x00]+@[^@\s\x00]+)?$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class CaseModel(BaseModel):
    """A case without anything personal."""

    id: int
    facility: str
    source: str
    status: Status
    label: str | None
    urgent: bool
    waiting_ms: int | None
    merged_into: int | None
    reopened: int
    touchpoint: str | None
    employee: str | None
    question: str | None
    value: str | None
    score: int | None
    language: str | None
    topic: str | None
    subtopic: str | None
    topic_sure: bool
    responsible: int | None
    steps: list[str]
    opened_ms: int
    occurred_ms: int
    changed_ms: int
    closed_ms: int | None
    next_score: int | None
    due_ms: int | None
    due: str
    version: int


class CaseList(BaseModel):
    """`more`: there are older ones; ask again with the last id as `before`."""

    cases: list[CaseModel]
    more: bool


class ChapterModel(BaseModel):
    """One thing that happened."""

    id: int
    at_ms: int
    kind: str
    actor: str
    detail: dict[str, str | int | None]
    words: str


class WholeCaseModel(BaseModel):
    """A case with its story. The telephone is masked; all of it is empty for whoever is complained about."""

    case: CaseModel
    phone: str
    email: str
    name: str
    words: str
    hidden: bool
    helpers: list[int]
    followers: list[Status]
    story: list[ChapterModel]
    duplicates: list[int]


class PersonModel(BaseModel):
    """Who complained, in full; reading it is audited."""

    phone: str
    email: str
    name: str
    words: str


class NewCase(Given):
    """A complaint that somebody of the staff was told of."""

    facility: Identifier
    touchpoint: Code | None = None
    employee: Code | None = None
    phone: Phone = ""
    email: Mail = ""
    may_mail: bool = False
    name: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    words: Words = ""
    language: Language | None = None
    urgent: bool = False
    occurred_ms: Moment | None = None


class WithLabour(Given):
    """Every change says how much work it took."""

    minutes: Minutes
    activity: Activity = Activity.OTHER


class StatusChange(WithLabour):
    to: Status
    label: Code | None = None
    note: Words = ""
    version: Number | None = None


class BulkChange(StatusChange):
    case: Number


class BulkChanges(Given):
    """All of them, or none; each with its own labour."""

    changes: Annotated[list[BulkChange], Field(min_length=1, max_length=100)]


class Merging(WithLabour):
    into: Number


class Waiting(Given):
    waiting: bool


class Assignment(Given):
    responsible: Account | None
    helpers: Annotated[list[Account], Field(max_length=20)] = []


class CandidateModel(BaseModel):
    """`reasons`: topic, language, spoke_before."""

    account: int
    name: str
    score: float
    in_hand: int
    reasons: list[str]


class NewComment(Given):
    text: Annotated[Words, StringConstraints(min_length=1)]
    audience: Audience = Audience.INTERNAL


class Topics(Given):
    topic: Topic
    subtopic: Code | None = None


class CallMade(Given):
    outcome: Outcome
    wish_ms: Moment | None = None
    note: Words = ""


class AttemptModel(BaseModel):
    id: int
    part: str
    at_ms: int
    wished: bool
    outcome: str
    by: str


class LabourModel(BaseModel):
    worker: str
    activity: str
    minutes: int
    timed: bool
    at_ms: int


class DeadlineModel(BaseModel):
    kind: str
    allowed_ms: int
    used_ms: int
    due_ms: int | None
    met_ms: int | None
    waits: bool
    overdue: bool


class NewTimer(Given):
    activity: Activity = Activity.OTHER


class NumberModel(BaseModel):
    id: int


class CalendarModel(Given):
    """Hours as in OpenStreetMap: `Mo-Fr 09:00-13:00,14:00-17:00`."""

    hours: Line
    country: Country = ""
    region: Region = ""
    closed: Annotated[list[date], Field(max_length=400)] = []
    first_call_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    investigation_days: Annotated[int, Field(ge=1, le=60)] = 3
    urgent_days: Annotated[int, Field(ge=1, le=60)] = 1
    by_topic: dict[Topic, Annotated[int, Field(ge=1, le=60)]] = {}


class WorkerModel(Given):
    """`rank` 1 hears of 80 %, 2 of 100 %, 3 of 150 %; 0 only of their own."""

    facility: Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9_-]*$")] = ""
    name: Line
    languages: Annotated[list[Language], Field(max_length=20)] = []
    topics: Annotated[list[Topic], Field(max_length=20)] = []
    employee: Code | None = None
    rank: Annotated[int, Field(ge=0, le=3)] = 0
    on_duty: bool = False
    takes_cases: bool = True
    away_from: date | None = None
    away_until: date | None = None
    deputy: Account | None = None
    email: Mail = ""
    phone: Phone = ""


class LabelModel(Given):
    name: Line
    status: Status
    active: bool = True
