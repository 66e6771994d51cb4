"""What a terminal and the hub say to each other by HTTP before the terminal has a connection to the broker.

`POST /api/enrolment/claims`: a terminal shows a request for a certificate (PKCS #10), by which it proves to hold a key,
and is given a code for its screen. `GET …/claims/{claim}` tells it when somebody has accepted it. `GET …/challenge` and
`POST …/credentials`: with a request that holds the hub's challenge of a moment ago as its challengePassword it gets its
credentials, the first as well as all later ones.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contract.messages.envelope import Identifier

CLAIMS = "/api/enrolment/claims"
CHALLENGE = "/api/enrolment/challenge"
CREDENTIALS = "/api/enrolment/credentials"

Pem = Annotated[str, Field(max_length=65_536)]


class _Document(BaseModel):
    """Unknown fields are others' and are left out; what is refused is not repeated."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class ClaimRequest(_Document):
    """A terminal asks to be taken in. `token`: one that the hub gave out for it; `device`: what it would be called."""

    request: Annotated[str, Field(max_length=4096)]
    hardware: Annotated[str, Field(max_length=200)] = ""
    serial: Annotated[str, Field(max_length=64)] = ""
    software: Annotated[str, Field(max_length=200)] = ""
    device: Identifier | None = None
    token: Annotated[str | None, Field(max_length=100)] = None


class Claim(_Document):
    """How a claim stands. `code` is for the screen; `address` is the page that accepts it, for a QR code."""

    claim: Annotated[str, Field(max_length=64, pattern=r"^[0-9a-f]+$")]
    state: Literal["waiting", "accepted"]
    code: Annotated[str, Field(max_length=20)]
    address: Annotated[str, Field(max_length=500)]
    expires_in_s: int
    ask_again_s: Annotated[int, Field(ge=0)]
    device: Identifier | None = None


class Challenge(_Document):
    """To be put into a request for credentials."""

    challenge: Annotated[str, Field(max_length=100)]


class CredentialsRequest(_Document):
    """A request for a certificate that holds a challenge."""

    request: Annotated[str, Field(max_length=4096)]


class BrokerPlace(_Document):
    """Where the terminal connects; without TLS it shows its password there."""

    host: Annotated[str, Field(min_length=1, max_length=255)]
    port: Annotated[int, Field(ge=1, le=65535)]
    tls: bool


class Credentials(_Document):
    """Who the terminal is, where it belongs, and what it shows itself with until it asks again."""

    organisation: Identifier
    facility: Identifier
    device: Identifier
    touchpoint: Annotated[str | None, Field(max_length=64)] = None
    password: Annotated[str, Field(max_length=200, repr=False)]
    certificate: Pem
    authorities: Pem
    issued_ms: int
    expires_ms: int
    broker: BrokerPlace
