"""How much work cases cost. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from hub.cases.tables import numbered, of_case


class CaseLabour(SQLModel, table=True):
    """Work on a case: whose, how long, at what."""

    __tablename__ = "case_labour"
    __table_args__ = (Index("ix_case_labour_at", "organisation", "facility", "at_ms"),)

    id: int | None = numbered()
    organisation: str
    facility: str
    case_id: int = of_case()
    worker: str
    activity: str
    minutes: int
    timed: bool = False
    at_ms: int = Field(sa_type=BigInteger)


class CaseTimer(SQLModel, table=True):
    """A running clock: one for each worker."""

    __tablename__ = "case_timer"

    organisation: str = Field(primary_key=True)
    worker: str = Field(primary_key=True)
    facility: str
    case_id: int = Field(sa_type=BigInteger)
    activity: str
    started_ms: int = Field(sa_type=BigInteger)
