"""Tables of the gateways. Times are milliseconds since 1970 UTC; telephones and texts are encrypted."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class SmsGateway(SQLModel, table=True):
    """A way to the telephone network. Its address and passwords are encrypted together."""

    __tablename__ = "sms_gateway"

    organisation: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    facility: str = ""
    """Empty: it serves all facilities."""
    kind: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON: the settings of its kind."""
    rank: int = 0
    """The lowest is asked first; the next ones when it is down."""
    per_second: float = 1.0
    """How many messages it takes."""
    part_price: str = Field(default="0", sa_column_kwargs={"server_default": "0"})
    """What a part costs, a decimal number in the clinic's currency."""
    busy_until_us: int = Field(default=0, sa_type=BigInteger)
    """Until when its rate is used up, in microseconds: each message moves it on."""
    down_until_ms: int = Field(default=0, sa_type=BigInteger)
    failures: int = 0
    """In a row."""


class SmsOutgoing(SQLModel, table=True):
    """A message to be sent, and how far it got."""

    __tablename__ = "sms_outgoing"
    __table_args__ = (
        # As the dispatcher asks for them; beside one of fewer columns SQLite would prefer that, and sort all that wait.
        Index("ix_sms_outgoing_next", "state", "urgent", "due_ms", "number"),
        Index("ix_sms_outgoing_recipient", "recipient", "state", "due_ms", "number"),
        Index("ix_sms_outgoing_carrier", "gateway", "carrier_id"),
        Index("ix_sms_outgoing_subject", "organisation", "facility", "subject"),
    )

    number: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    """Messages to one telephone go out in this order."""
    id: str = Field(unique=True)
    organisation: str
    facility: str
    recipient: str
    """A keyed fingerprint of organisation and telephone."""
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON: recipient, text."""
    purpose: str
    subject: str
    """What it belongs to, for whoever wrote it; not personal."""
    parts: int
    state: str
    reason: str = ""
    created_ms: int = Field(sa_type=BigInteger)
    due_ms: int = Field(sa_type=BigInteger)
    """When it is to go out; decides the order, before `number`."""
    free_ms: int = Field(default=0, sa_type=BigInteger)
    """When something is to be done about it next: a lease or a pause ends."""
    urgent: bool = False
    """Waits for no other message."""
    via: str = ""
    """The gateway asked first, because the patient wrote by it."""
    gateway: str = ""
    """The last one that it was handed to."""
    part_price: str = Field(default="0", sa_column_kwargs={"server_default": "0"})
    """What that one charged for a part then."""
    carrier_id: str | None = None
    attempts: int = 0
    sent_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When it was last handed over."""
    state_ms: int = Field(sa_type=BigInteger)


class SmsInbound(SQLModel, table=True):
    """A message that came in, or a part of one; kept so that a repetition is noticed."""

    __tablename__ = "sms_inbound"
    __table_args__ = (
        UniqueConstraint("organisation", "gateway", "carrier_id", name="uq_sms_inbound_identity"),
        Index("ix_sms_inbound_due", "due_ms"),
        Index("ix_sms_inbound_whole", "organisation", "sender", "reference"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    organisation: str
    facility: str = ""
    gateway: str
    carrier_id: str
    sender: str
    """A keyed fingerprint of organisation and telephone."""
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON: sender, recipient, text."""
    received_ms: int = Field(sa_type=BigInteger)
    reference: str | None = None
    part: int | None = None
    total: int | None = None
    due_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Of a part: how long the others are waited for. None: it has been told."""
