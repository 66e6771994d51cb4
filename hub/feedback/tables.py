"""Tables of the feedback slice. Times are milliseconds since 1970 UTC."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.core.counting import BITS


class Survey(SQLModel, table=True):
    """What a facility's screens ask, in one version; a change makes a new version, and none is ever deleted."""

    __tablename__ = "survey"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    """The code that answers name."""
    version: int = Field(primary_key=True)
    title: str
    """Empty: the standard one's name, in the reader's language."""
    mode: str
    texts: str = Field(sa_type=Text)
    """JSON: the clinic's own words, by language and key; what is missing is said in the standard words."""
    consent: str
    """The version of the text that whoever leaves a number agrees to."""
    changed_by: str
    at_ms: int = Field(sa_type=BigInteger)


class Response(SQLModel, table=True):
    """One answer. Its identity is (device, epoch, sequence): a replay finds it there."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("device", "epoch", "sequence", name="uq_response_identity"),
        Index("ix_response_place_time", "organisation", "facility", "occurred_ms"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    organisation: str
    facility: str
    touchpoint: str | None = None
    device: str
    epoch: int = Field(sa_type=BigInteger)
    sequence: int = Field(sa_type=BigInteger)
    kind: str
    """`button`, `screen`, or the channel of an answer that no terminal took: `sms`."""
    visit: str | None = None
    panel: str | None = None
    button: int | None = None
    survey: str | None = None
    survey_version: int | None = Field(default=None, sa_type=BigInteger)
    question: str | None = None
    value: str | None = None
    score: int | None = None
    employee: str | None = None
    shift: str | None = None
    flags: str = ""
    """Separated by blanks, in the order they were given."""
    wall_ms: int = Field(sa_type=BigInteger)
    """What the device's own clock said."""
    boot_id: str
    uptime_ms: int = Field(sa_type=BigInteger)
    occurred_ms: int = Field(sa_type=BigInteger)
    """The corrected time."""
    time_source: str
    received_ms: int = Field(sa_type=BigInteger)
    extra: str | None = Field(default=None, sa_type=Text)
    """JSON: fields that this version does not know."""
    campaign: str | None = None
    """Which campaign asked, where one did."""


class AwaitedFlag(SQLModel, table=True):
    """A flag that arrived before its answer did, and waits for it."""

    __tablename__ = "awaited_flag"

    device: str = Field(primary_key=True)
    epoch: int = Field(primary_key=True, sa_type=BigInteger)
    sequence: int = Field(primary_key=True, sa_type=BigInteger)
    flag: str = Field(primary_key=True)
    organisation: str = Field(index=True)
    facility: str


class Contact(SQLModel, table=True):
    """A patient's wish to be called. Telephone, comment and whatever we do not know are encrypted together."""

    __tablename__ = "contact"

    device: str = Field(primary_key=True)
    epoch: int = Field(primary_key=True, sa_type=BigInteger)
    sequence: int = Field(primary_key=True, sa_type=BigInteger)
    organisation: str = Field(index=True)
    facility: str
    visit: str = Field(index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    consent: str
    consent_text: str = Field(default="", sa_type=Text)
    language: str | None = None
    wall_ms: int = Field(sa_type=BigInteger)
    boot_id: str
    uptime_ms: int = Field(sa_type=BigInteger)
    occurred_ms: int = Field(sa_type=BigInteger)
    time_source: str
    received_ms: int = Field(sa_type=BigInteger)


class Counts(SQLModel):
    """Counters of a facility: the key comes first, what is counted after it."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)


class AnswerCount(Counts, table=True):
    """How many answers of one kind there were in one hour; "" stands for what an answer does not say."""

    __tablename__ = "answer_count"

    hour: int = Field(primary_key=True, sa_type=BigInteger)
    """Whole hours since 1970 UTC, by the corrected time."""
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    touchpoint: str = Field(primary_key=True)
    employee: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    flagged: bool = Field(primary_key=True)
    """Left out of the figures."""
    count: int = Field(sa_type=BigInteger)


class Served(SQLModel, table=True):
    """How many clients were served on one day of the facility's calendar, on the word of one source.

    By the facility as a whole when employee and touchpoint are "", else by one of them.
    """

    __tablename__ = "served"
    __table_args__ = (
        UniqueConstraint(
            "organisation", "facility", "employee", "touchpoint", "day", "source",
            name="uq_served_word",
        ),
        Index("ix_served_day", "organisation", "facility", "day"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    facility: str
    employee: str = ""
    touchpoint: str = ""
    day: date
    count: int = Field(sa_type=BigInteger)
    source: str
    entered_by: str
    at_ms: int = Field(sa_type=BigInteger)


class ServedEntry(SQLModel, table=True):
    """One entry of numbers of clients served on a page, with what it replaced, so that it can be taken back."""

    __tablename__ = "served_entry"

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    facility: str
    entered_by: str
    at_ms: int = Field(sa_type=BigInteger)
    replaced: str = Field(sa_type=Text)
    """JSON: employee, touchpoint, day, source, the number entered, and the one before or null, of each."""
    undone_ms: int | None = Field(default=None, sa_type=BigInteger)


class AnswerDay(Counts, table=True):
    """The same counts by the day of the facility's own calendar, which is what most pages ask for."""

    __tablename__ = "answer_day"
    __table_args__ = (
        Index("ix_answer_day_touchpoint", "organisation", "facility", "touchpoint", "day"),
        Index("ix_answer_day_employee", "organisation", "facility", "employee", "day"),
        {"sqlite_with_rowid": False},
    )

    day: int = Field(primary_key=True, sa_type=BigInteger)
    """Whole days since 1970-01-01."""
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    touchpoint: str = Field(primary_key=True)
    employee: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    flagged: bool = Field(primary_key=True)
    count: int = Field(sa_type=BigInteger)


class AnswerMonth(Counts, table=True):
    """The same counts by the month of the facility's own calendar, for long periods."""

    __tablename__ = "answer_month"

    month: int = Field(primary_key=True, sa_type=BigInteger)
    """Whole months since January 1970."""
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    touchpoint: str = Field(primary_key=True)
    employee: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    flagged: bool = Field(primary_key=True)
    count: int = Field(sa_type=BigInteger)
    days: int = Field(sa_type=BigInteger, sa_column_kwargs={"info": BITS})
    """On which days of the month: bit 0 is the first. Of a day whose answers all moved away the bit may remain."""


class FacilityDay(Counts, table=True):
    """How many answers of one kind a whole facility had on one day of its calendar."""

    __tablename__ = "facility_day"
    day: int = Field(primary_key=True, sa_type=BigInteger)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    flagged: bool = Field(primary_key=True)
    count: int = Field(sa_type=BigInteger)


class FacilityMonth(Counts, table=True):
    """How many answers of one kind a whole facility had in one month of its calendar, for long periods."""

    __tablename__ = "facility_month"
    month: int = Field(primary_key=True, sa_type=BigInteger)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    flagged: bool = Field(primary_key=True)
    count: int = Field(sa_type=BigInteger)


class FacilityHour(Counts, table=True):
    """How many answers of one kind a whole facility had in one hour."""

    __tablename__ = "facility_hour"
    hour: int = Field(primary_key=True, sa_type=BigInteger)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    flagged: bool = Field(primary_key=True)
    count: int = Field(sa_type=BigInteger)


class ServedMonth(Counts, table=True):
    """What is believed of a month's clients: the sum of what the best source says of each day."""

    __tablename__ = "served_month"
    employee: str = Field(primary_key=True)
    touchpoint: str = Field(primary_key=True)
    month: int = Field(primary_key=True, sa_type=BigInteger)
    count: int = Field(sa_type=BigInteger)
    days: int = Field(sa_type=BigInteger)
    """The days of the month of which anything is known: bit 0 is the first."""
    source: str
    """The worst of those in use, for the sum is no better."""
