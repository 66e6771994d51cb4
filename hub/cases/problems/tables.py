"""Problems, their cases, and standards. Times are milliseconds since 1970 UTC."""

from datetime import date

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from hub.cases.tables import numbered


class Problem(SQLModel, table=True):
    """Complaints that repeat themselves, and what is done about it."""

    __tablename__ = "problem"
    __table_args__ = (Index("ix_problem_open", "organisation", "facility", "topic", "unit"),)

    id: int | None = numbered()
    organisation: str
    facility: str
    topic: str
    unit: str = ""
    """A touchpoint, or empty for the facility as a whole."""
    why: str
    state: str
    opened_ms: int = Field(sa_type=BigInteger)
    action: str = Field(default="", sa_type=Text)
    owner: int | None = None
    due: date | None = None
    done_ms: int | None = Field(default=None, sa_type=BigInteger)
    standard: str | None = None
    standard_version: int | None = None
    checked: str = Field(default="", sa_type=Text)
    """JSON: the rates before and after, as they were when it was checked."""
    closed_ms: int | None = Field(default=None, sa_type=BigInteger)


class ProblemCase(SQLModel, table=True):
    """A case of a problem."""

    __tablename__ = "problem_case"

    problem: int = Field(primary_key=True, sa_type=BigInteger)
    case_id: int = Field(primary_key=True, sa_type=BigInteger)
    organisation: str = Field(index=True)
    facility: str


class Standard(SQLModel, table=True):
    """How something is to be done, in one version; none is ever changed or deleted."""

    __tablename__ = "standard"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    title: str
    text: str = Field(sa_type=Text)
    problem: int | None = Field(default=None, sa_type=BigInteger)
    by: str
    at_ms: int = Field(sa_type=BigInteger)
