"""Tables of the cases themselves. Times are milliseconds since 1970 UTC; what is personal is encrypted (`sealed`).

What the packages below add to a case lies in tables of their own.
"""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


def numbered() -> Any:
    """A number of its own for each row."""
    return Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )


def of_case() -> Any:
    """The case that a row belongs to."""
    return Field(sa_type=BigInteger, index=True)


def sealed_column() -> Any:
    """Encrypted."""
    return Field(sa_column=Column(LargeBinary, nullable=False))


class PatientCase(SQLModel, table=True):
    """One complaint, and how far it has come."""

    __tablename__ = "patient_case"
    __table_args__ = (
        UniqueConstraint("organisation", "origin", name="uq_patient_case_origin"),
        Index("ix_patient_case_status", "organisation", "facility", "status", "id"),
        Index("ix_patient_case_opened", "organisation", "facility", "opened_ms", "id"),
        Index("ix_patient_case_topic", "organisation", "facility", "topic", "opened_ms"),
        Index("ix_patient_case_employee", "organisation", "employee", "id"),
        Index("ix_patient_case_touchpoint", "organisation", "touchpoint", "id"),
        Index("ix_patient_case_responsible", "organisation", "responsible", "id"),
        Index("ix_patient_case_due", "organisation", "facility", "due_ms"),
        Index("ix_patient_case_person", "organisation", "person"),
        Index("ix_patient_case_receipt", "receipt", unique=True),
    )

    id: int | None = numbered()
    organisation: str
    facility: str
    source: str
    origin: str
    """Of which message or deed it was opened: a second time opens nothing."""
    status: str
    informed: bool = False
    unreachable: bool = False
    labour_entries: int = 0
    before_merge: str | None = None
    merged_into: int | None = Field(default=None, sa_type=BigInteger, index=True)
    reopened: int = 0
    label: str | None = None
    """The organisation's own word for where it stands."""
    urgent: bool = False
    waiting_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Since when it is the patient's turn; None: it is ours."""
    touchpoint: str | None = None
    employee: str | None = None
    """Whoever is complained about."""
    question: str | None = None
    value: str | None = None
    score: int | None = None
    answer: int | None = Field(default=None, sa_type=BigInteger, index=True)
    """The number of the stored answer."""
    visit: str
    language: str | None = None
    topic: str | None = None
    subtopic: str | None = None
    topic_sure: bool = False
    """Said by somebody of the staff."""
    person: str | None = None
    """A fingerprint of the telephone: whose cases are one person's."""
    receipt: str
    """A fingerprint of the code that the patient has."""
    sealed: bytes = sealed_column()
    """JSON: phone, email, name, words."""
    responsible: int | None = None
    """An account."""
    steps: int = 0
    """Bits: called, qualified, commented, assigned, controlled, informed."""
    opened_ms: int = Field(sa_type=BigInteger)
    occurred_ms: int = Field(sa_type=BigInteger)
    changed_ms: int = Field(sa_type=BigInteger)
    closed_ms: int | None = Field(default=None, sa_type=BigInteger)
    next_score: int | None = None
    """What the same person answered next, 0 to 10: 9 and 10 are a patient won back."""
    due_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When the next deadline is over; None: there is none, or the clock stands still."""
    due: str = ""
    """Which one that is."""
    version: int = 1


class CaseWord(SQLModel, table=True):
    """A word of a case, as a keyed fingerprint: found by whoever searches for it, read by nobody."""

    __tablename__ = "case_word"
    __table_args__ = {"sqlite_with_rowid": False}

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    word: int = Field(primary_key=True, sa_type=BigInteger)
    case_id: int = Field(primary_key=True, sa_type=BigInteger, index=True)


class CaseEvent(SQLModel, table=True):
    """Something that happened to a case: its story, in order."""

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_case", "case_id", "id"),)

    id: int | None = numbered()
    organisation: str
    facility: str
    case_id: int = Field(sa_type=BigInteger)
    at_ms: int = Field(sa_type=BigInteger)
    kind: str
    actor: str
    detail: str = Field(default="{}", sa_type=Text)
    """JSON of codes and numbers."""
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Words: a comment, a note."""


class CaseHelper(SQLModel, table=True):
    """Somebody who helps whoever is responsible."""

    __tablename__ = "case_helper"

    case_id: int = Field(primary_key=True, sa_type=BigInteger)
    account: int = Field(primary_key=True)
    organisation: str = Field(index=True)
    facility: str


class CaseAttachment(SQLModel, table=True):
    """A file of a comment; its content lies encrypted in a folder."""

    __tablename__ = "case_attachment"

    id: int | None = numbered()
    organisation: str
    facility: str
    case_id: int = of_case()
    event: int = Field(sa_type=BigInteger)
    media_type: str
    size: int
    stored: str
    sealed: bytes = sealed_column()
    """Its name."""


class CaseWorker(SQLModel, table=True):
    """What is known of somebody who handles cases."""

    __tablename__ = "case_worker"

    organisation: str = Field(primary_key=True)
    account: int = Field(primary_key=True)
    facility: str = ""
    name: str
    languages: str = ""
    topics: str = ""
    sealed: bytes = sealed_column()
    """JSON: email and phone, where notices go."""
    rank: int = 0
    """How far up the chain of notices: 1 hears of 80 %, 2 of 100 %, 3 of 150 %; 0 only of their own."""
    on_duty: bool = False
    """Hears of unhappy patients who are still here."""
    takes_cases: bool = True
    away_from: date | None = None
    away_until: date | None = None
    """The last day."""
    deputy: int | None = None
    """The account that acts for them while they are away."""


class CaseLabel(SQLModel, table=True):
    """An organisation's own word for a status."""

    __tablename__ = "case_label"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    status: str
    inactive_ms: int | None = Field(default=None, sa_type=BigInteger)


class CaseView(SQLModel, table=True):
    """Filters that somebody has given a name."""

    __tablename__ = "case_view"
    __table_args__ = (UniqueConstraint("account", "name", name="uq_case_view_name"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    facility: str = ""
    account: int
    name: str
    query: str
