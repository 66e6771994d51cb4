"""Telephones of duty managers. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from hub.cases.tables import numbered, sealed_column


class DutySubscription(SQLModel, table=True):
    """A browser that is woken by web push."""

    __tablename__ = "duty_subscription"

    organisation: str = Field(primary_key=True)
    endpoint: str = Field(primary_key=True)
    """A fingerprint."""
    facility: str
    account: int = Field(index=True)
    sealed: bytes = sealed_column()
    """JSON: endpoint and keys."""
    at_ms: int = Field(sa_type=BigInteger)


class DutyAlert(SQLModel, table=True):
    """An unhappy patient who is likely still in the building."""

    __tablename__ = "duty_alert"
    __table_args__ = (Index("ix_duty_alert_at", "organisation", "facility", "at_ms"),)

    id: int | None = numbered()
    organisation: str
    facility: str
    touchpoint: str | None = None
    employee: str | None = None
    value: str | None = None
    answer: int = Field(sa_type=BigInteger, unique=True)
    at_ms: int = Field(sa_type=BigInteger)
    seen_ms: int | None = Field(default=None, sa_type=BigInteger)
    seen_by: str = ""
