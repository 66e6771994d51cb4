"""Tables of alerts. Times are milliseconds since 1970 UTC; addresses are encrypted."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class SmsAlertContact(SQLModel, table=True):
    """Who is told of a facility's alerts, in the order of positions."""

    __tablename__ = "sms_alert_contact"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The e-mail address."""
    minutes: int
    """How long this person has before the next one is told."""


class SmsAlert(SQLModel, table=True):
    """Something that a person must see. Of a conversation there is one of each kind."""

    __tablename__ = "sms_alert"
    __table_args__ = (
        UniqueConstraint("conversation", "kind", name="uq_sms_alert"),
        Index("ix_sms_alert_due", "due_ms"),
        Index("ix_sms_alert_place", "organisation", "facility", "raised_ms"),
    )

    id: str = Field(primary_key=True)
    organisation: str
    facility: str
    kind: str
    conversation: int = Field(sa_type=BigInteger)
    raised_ms: int = Field(sa_type=BigInteger)
    told: int = 0
    """How many people of the chain were told."""
    due_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When the next one is."""
    acknowledged_ms: int | None = Field(default=None, sa_type=BigInteger)
    acknowledged_by: str = ""
