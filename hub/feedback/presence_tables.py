"""Tables of what cameras see, in counts alone: who came near, and smiles. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, CheckConstraint, Index, Text
from sqlmodel import Field, SQLModel

from hub.feedback.tables import Counts


class Presence(SQLModel, table=True):
    """How many people came near a terminal in a span that ended at `occurred_ms`."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_place_time", "organisation", "facility", "occurred_ms"),)

    device: str = Field(primary_key=True)
    epoch: int = Field(primary_key=True, sa_type=BigInteger)
    sequence: int = Field(primary_key=True, sa_type=BigInteger)
    organisation: str = Field(index=True)
    facility: str
    touchpoint: str | None = None
    """Where the terminal stood, by its own word or else by the hub's."""
    seconds: int
    approaches: int = Field(sa_type=BigInteger)
    looked: int = Field(sa_type=BigInteger)
    dwell_ms: int = Field(sa_type=BigInteger)
    looked_ms: int = Field(sa_type=BigInteger)
    wall_ms: int = Field(sa_type=BigInteger)
    boot_id: str
    uptime_ms: int = Field(sa_type=BigInteger)
    occurred_ms: int = Field(sa_type=BigInteger)
    time_source: str
    received_ms: int = Field(sa_type=BigInteger)
    extra: str | None = Field(default=None, sa_type=Text)


class PresenceCount(Counts, table=True):
    """How many people came near one terminal in one hour; "" stands for no touchpoint."""

    __tablename__ = "presence_count"
    hour: int = Field(primary_key=True, sa_type=BigInteger)
    device: str = Field(primary_key=True)
    touchpoint: str = Field(primary_key=True)
    approaches: int = Field(sa_type=BigInteger)
    looked: int = Field(sa_type=BigInteger)
    dwell_ms: int = Field(sa_type=BigInteger)
    looked_ms: int = Field(sa_type=BigInteger)
    seconds: int = Field(sa_type=BigInteger)
    """How long the camera saw at all."""


class PresenceDay(Counts, table=True):
    """The same in one day of the facility's own calendar."""

    __tablename__ = "presence_day"
    day: int = Field(primary_key=True, sa_type=BigInteger)
    device: str = Field(primary_key=True)
    touchpoint: str = Field(primary_key=True)
    approaches: int = Field(sa_type=BigInteger)
    looked: int = Field(sa_type=BigInteger)
    dwell_ms: int = Field(sa_type=BigInteger)
    looked_ms: int = Field(sa_type=BigInteger)
    seconds: int = Field(sa_type=BigInteger)


class Smiles(SQLModel, table=True):
    """How many of at least ten people smiled in a span that ended at `occurred_ms`; nothing of any one of them."""

    __tablename__ = "smiles"
    __table_args__ = (
        CheckConstraint("people >= 10", name="ck_smiles_of_many"),
        Index("ix_smiles_place_time", "organisation", "facility", "occurred_ms"),
    )

    device: str = Field(primary_key=True)
    epoch: int = Field(primary_key=True, sa_type=BigInteger)
    sequence: int = Field(primary_key=True, sa_type=BigInteger)
    organisation: str
    facility: str
    touchpoint: str | None = None
    service: str
    """`before` or `after`."""
    seconds: int
    people: int = Field(sa_type=BigInteger)
    smiling: int = Field(sa_type=BigInteger)
    confidence: float
    """How sure the model was in the mean of these people, from 0.5 to 1."""
    wall_ms: int = Field(sa_type=BigInteger)
    boot_id: str
    uptime_ms: int = Field(sa_type=BigInteger)
    occurred_ms: int = Field(sa_type=BigInteger)
    time_source: str
    received_ms: int = Field(sa_type=BigInteger)
    extra: str | None = Field(default=None, sa_type=Text)
