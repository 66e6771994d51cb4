"""Calendars, deadlines and what staff are told of them. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from hub.cases.tables import numbered, of_case


class WorkCalendar(SQLModel, table=True):
    """When a facility works, and how much time it gives itself."""

    __tablename__ = "work_calendar"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    hours: str = Field(sa_type=Text)
    country: str = ""
    region: str = ""
    closed: str = Field(default="", sa_type=Text)
    """Days, separated by blanks."""
    first_call_minutes: int = 60
    investigation_days: int = 3
    urgent_days: int = 1
    by_topic: str = Field(default="{}", sa_type=Text)
    """JSON: working days by topic, where they are others."""


class CaseDeadline(SQLModel, table=True):
    """By when something must be done; its clock counts working time."""

    __tablename__ = "case_deadline"
    __table_args__ = (
        Index("ix_case_deadline_next", "next_ms"),
        Index("ix_case_deadline_due", "organisation", "facility", "due_ms"),
    )

    case_id: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str = Field(primary_key=True)
    organisation: str
    facility: str
    allowed_ms: int = Field(sa_type=BigInteger)
    running_ms: int | None = Field(default=None, sa_type=BigInteger)
    used_ms: int = Field(default=0, sa_type=BigInteger)
    told: int = 0
    met_ms: int | None = Field(default=None, sa_type=BigInteger)
    due_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When the time is used up; None while the clock stands still."""
    next_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When somebody must be told next."""


class CaseNotice(SQLModel, table=True):
    """Something that somebody must see on their page."""

    __tablename__ = "case_notice"
    __table_args__ = (Index("ix_case_notice_account", "account", "seen_ms", "id"),)

    id: int | None = numbered()
    organisation: str
    facility: str
    account: int
    case_id: int = of_case()
    kind: str
    percent: int = 0
    at_ms: int = Field(sa_type=BigInteger)
    seen_ms: int | None = Field(default=None, sa_type=BigInteger)
