"""Enrolment as programs speak of it; what terminals say is in `contract.enrolment`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contract.messages.envelope import Code, Identifier


class Acceptance(BaseModel):
    """Which device the terminal is that shows a code; one that exists is replaced, and keeps its name and place."""

    model_config = ConfigDict(extra="forbid")

    device: Identifier
    replaces: bool = False
    facility: Identifier | None = None
    name: Annotated[str, Field(max_length=100)] = ""
    touchpoint: Code | None = None


class SeenClaimModel(BaseModel):
    """The terminal that shows a code."""

    code: str
    fingerprint: str
    hardware: str
    serial: str
    software: str
    wish: str
    asked_ms: int


class ListedModel(BaseModel):
    """A terminal that is expected from now on. The token is shown now and never again."""

    device: str
    facility: str
    name: str
    token: str


class ExpectedModel(BaseModel):
    """A terminal that is expected and has not come yet."""

    device: str
    facility: str
    name: str
    touchpoint: str | None
    serial: str
    until_ms: int
