"""Enrolment as terminals and programs speak of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contract.messages.envelope import Code, Identifier

Told = Annotated[str, Field(max_length=200)]
RequestText = Annotated[str, Field(max_length=4096)]
"""A PKCS #10 request in PEM."""


class NewClaim(BaseModel):
    """A terminal asks to be taken in. `token` is one that the hub gave out for it beforehand."""

    model_config = ConfigDict(extra="ignore")

    request: RequestText
    hardware: Told = ""
    serial: Annotated[str, Field(max_length=64)] = ""
    software: Told = ""
    token: Annotated[str | None, Field(max_length=100)] = None


class ClaimModel(BaseModel):
    """How a claim stands. `code` is for the screen; `address` is a page that accepts it, for the QR code."""

    claim: str
    state: Literal["waiting", "accepted"]
    code: str
    address: str
    expires_in_s: int
    ask_again_s: int
    device: str | None


class ChallengeModel(BaseModel):
    """To be put into a request for credentials, as its challengePassword."""

    challenge: str


class NewCredentials(BaseModel):
    """A request that is signed by an accepted key and holds a challenge of a moment ago."""

    model_config = ConfigDict(extra="ignore")

    request: RequestText


class BrokerModel(BaseModel):
    """Where the terminal connects."""

    host: str
    port: int
    tls: bool


class CredentialsModel(BaseModel):
    """Who the terminal is, where it belongs, and what it shows itself with until it asks again."""

    organisation: str
    facility: str
    device: str
    password: str
    certificate: str
    authorities: str
    expires_ms: int
    broker: BrokerModel


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
