"""Problems and alerts as programs give and get them."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from contract.messages.envelope import Code, Identifier
from hub.cases.routes.schemas import Account, Words
from hub.identity.schemas import Given, Line


class ProblemModel(BaseModel):
    id: int
    facility: str
    topic: str
    unit: str
    why: str
    state: str
    opened_ms: int
    action: str
    owner: int | None
    due: date | None
    done_ms: int | None
    standard: str | None
    standard_version: int | None
    checked: dict[str, object] | None
    closed_ms: int | None
    cases: list[int]


class NewAction(Given):
    action: Annotated[Words, StringConstraints(min_length=1)]
    owner: Account
    due: date


class NewStandard(Given):
    standard: Code
    title: Line
    text: Annotated[Words, StringConstraints(min_length=1)]


class StandardModel(BaseModel):
    facility: str
    id: str
    version: int
    title: str
    text: str
    problem: int | None
    by: str
    at_ms: int


class AlertModel(BaseModel):
    id: int
    facility: str
    touchpoint: str | None
    employee: str | None
    value: str | None
    at_ms: int
    seen_ms: int | None
    seen_by: str


class PushKeyModel(BaseModel):
    """What a browser subscribes with (VAPID)."""

    key: str


class SubscriptionKeys(BaseModel):
    p256dh: Annotated[str, Field(max_length=200)]
    auth: Annotated[str, Field(max_length=100)]


class NewSubscription(BaseModel):
    """As a browser gives it; what it says besides is not kept."""

    facility: Identifier
    endpoint: Annotated[str, Field(max_length=1000)]
    keys: SubscriptionKeys


class EndedSubscription(BaseModel):
    endpoint: Annotated[str, Field(max_length=1000)]
