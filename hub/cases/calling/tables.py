"""Calls to patients, planned and made. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from hub.cases.tables import numbered, of_case


class CallAttempt(SQLModel, table=True):
    """A call, planned or made."""

    __tablename__ = "call_attempt"
    __table_args__ = (
        Index("ix_call_attempt_planned", "organisation", "facility", "outcome", "at_ms"),
    )

    id: int | None = numbered()
    organisation: str
    facility: str
    case_id: int = of_case()
    weekday: int
    part: str
    at_ms: int = Field(sa_type=BigInteger)
    wished: bool = False
    outcome: str = ""
    """Empty while it is only planned."""
    by: str = ""
