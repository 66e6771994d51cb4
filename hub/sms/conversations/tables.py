"""Tables of conversations. Times are milliseconds since 1970 UTC; telephones and words are encrypted."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel


class SmsConversation(SQLModel, table=True):
    """What is being talked about with one telephone: an invitation, a demonstration, an appointment, or nothing."""

    __tablename__ = "sms_conversation"
    __table_args__ = (
        Index("ix_sms_conversation_recipient", "organisation", "recipient", "id"),
        Index("ix_sms_conversation_due", "due_ms"),
        Index("ix_sms_conversation_place", "organisation", "facility", "campaign", "id"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    organisation: str
    facility: str
    recipient: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The telephone."""
    kind: str
    participation: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    respondent: int | None = Field(default=None, sa_type=BigInteger)
    campaign: str = ""
    reference: str = ""
    """Of an appointment: what the clinic calls it."""
    employee: str = ""
    via: str = ""
    """The gateway that the patient wrote by."""
    state: str
    language: str
    emergency: str
    asked_again: int = 0
    asked_which: int = 0
    proposed: int | None = None
    score: int | None = None
    may_call: bool | None = None
    paused: bool = False
    reminded: bool = False
    opened_ms: int = Field(sa_type=BigInteger)
    asked_ms: int = Field(sa_type=BigInteger)
    """When the open question went out."""
    reminder_ms: int = Field(sa_type=BigInteger)
    """How long after the question it is repeated."""
    expiry_ms: int = Field(sa_type=BigInteger)
    """How long after it the conversation is over."""
    due_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When time asks for something next."""
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)


class SmsMessage(SQLModel, table=True):
    """What was written, either way."""

    __tablename__ = "sms_message"
    __table_args__ = (
        Index("ix_sms_message_conversation", "conversation", "id"),
        Index("ix_sms_message_recipient", "organisation", "recipient", "at_ms"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    organisation: str
    facility: str
    conversation: int = Field(sa_type=BigInteger)
    recipient: str
    inbound: bool
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The words."""
    meaning: str
    """Of the patient's: how they were understood. Of ours: which message it is."""
    late: bool = False
    """Came too late or twice, and does not count."""
    at_ms: int = Field(sa_type=BigInteger)
    outgoing: str | None = Field(default=None, unique=True)
    """The gateways' name of ours."""
    state: str = ""
    """How far ours got."""
    state_ms: int = Field(default=0, sa_type=BigInteger)
    parts: int = 0
