"""Tables of rollouts, and of the hours in which facilities let their terminals be updated."""

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field, SQLModel


class Rollout(SQLModel, table=True):
    """A release for some terminals. Of the organisation: who sees one of its terminals sees it, and that part of it."""

    __tablename__ = "rollout"

    id: str = Field(primary_key=True)
    organisation: str = Field(index=True)
    release: str
    channel: str
    lock_sha256: str
    """Of the signed lock file: what was given to the terminals."""
    note: str = ""
    state: str = Field(index=True)
    """`running`, `paused`, `aborted` or `done`."""
    reason: str = ""
    """Of a pause, as a code of `rollouts.rules.Reason`."""
    reason_group: int = 0
    spread_s: int = 0
    bytes_per_s: int | None = None
    created_ms: int = Field(sa_type=BigInteger)
    created_by: str
    """The name of an account, as in the other columns of this kind."""
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
    watched_from_ms: int = Field(sa_type=BigInteger)
    """Answers before this moment are not held against those of a week before any more."""


class RolloutGroup(SQLModel, table=True):
    """A step of a rollout, counted from 0, and under which terms it succeeds or stops everything."""

    __tablename__ = "rollout_group"

    rollout: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    organisation: str
    percent: int | None = None
    """None: the canaries, which were named."""
    success_percent: int
    error_percent: int
    least: int
    soak_minutes: int
    silence_minutes: int
    needs_approval: bool = False
    approved_ms: int | None = Field(default=None, sa_type=BigInteger)
    approved_by: str | None = None
    begun_ms: int | None = Field(default=None, sa_type=BigInteger)
    reached_ms: int | None = Field(default=None, sa_type=BigInteger)
    returned_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When its terminals were asked to go back to the version before."""


class RolloutDevice(SQLModel, table=True):
    """A terminal's part in a rollout: what it ran before, what it was asked, and what is made of what it says."""

    __tablename__ = "rollout_device"
    __table_args__ = (Index("ix_rollout_device_device", "device"),)

    rollout: str = Field(primary_key=True)
    device: str = Field(primary_key=True)
    organisation: str = Field(index=True)
    facility: str
    group: int
    job: str | None = None
    asked_ms: int | None = Field(default=None, sa_type=BigInteger)
    before: str = ""
    """Which version it ran when it was asked."""
    failing_before: str = ""
    """Checks that failed already, apart by spaces."""
    missing_before: int = 0
    """Numbers of its ledger that were missing already."""
    gap_since_ms: int | None = Field(default=None, sa_type=BigInteger)
    standing: str = "waiting"
    reason: str = ""
    detail: str = Field(default="", sa_type=Text)
    confirmed_ms: int | None = Field(default=None, sa_type=BigInteger)
    changed_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When standing or reason became what they are."""
    passed_over: bool = False
    """Its failure was known when a person resumed the rollout, and stops it no more."""
    back_job: str | None = None
    """By which it was asked to go back."""
    back_asked_ms: int | None = Field(default=None, sa_type=BigInteger)
    back_standing: str = ""
    back_reason: str = ""


class RolloutEvent(SQLModel, table=True):
    """What happened to a rollout as a whole, and by whom; `hub` for what it decided by its own terms."""

    __tablename__ = "rollout_event"

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    rollout: str = Field(index=True)
    organisation: str
    at_ms: int = Field(sa_type=BigInteger)
    by: str
    what: str
    group: int | None = None
    reason: str = ""


class Maintenance(SQLModel, table=True):
    """When the terminals of a facility may install what they have fetched; without a row, at any time."""

    __tablename__ = "maintenance"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    windows: str = Field(sa_type=Text)
    """JSON: a list of `contract.jobs.Window` without their zone, which is the facility's."""
    changed_ms: int = Field(sa_type=BigInteger)
    changed_by: str
