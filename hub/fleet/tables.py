"""Tables of the fleet slice."""

from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class Device(SQLModel, table=True):
    """A terminal that may speak, and what its last `state` said."""

    __tablename__ = "device"

    id: str = Field(primary_key=True)
    organisation: str = Field(index=True)
    facility: str
    name: str = ""
    touchpoint: str | None = None
    status: str = "active"
    """`active`, or `stopped` when two terminals used this identity."""
    released: bool = False
    """A person has said which twin is right, and the run of its agent that spoke next is still the latest."""
    password_hash: str | None = None
    """Of the password for the broker; a terminal fetches photographs with it too."""
    enrolled_ms: int = Field(sa_type=BigInteger)
    online: bool = False
    instance: str | None = None
    previous_instances: str = Field(default="", sa_type=Text)
    """Runs of the agent that another run has replaced, newest first; one that comes back is a clone."""
    epoch: int | None = Field(default=None, sa_type=BigInteger)
    highest: int = Field(default=0, sa_type=BigInteger)
    pending: int = Field(default=0, sa_type=BigInteger)
    refused: int = Field(default=0, sa_type=BigInteger)
    software: str = ""
    last_seen_ms: int | None = Field(default=None, sa_type=BigInteger)


class Ledger(SQLModel, table=True):
    """What has arrived of one epoch of one device's numbering."""

    __tablename__ = "ledger"

    device: str = Field(primary_key=True)
    epoch: int = Field(primary_key=True, sa_type=BigInteger)
    organisation: str = Field(index=True)
    facility: str
    highest: int = Field(default=0, sa_type=BigInteger)
    """The highest number known to have been minted, whether it has arrived or not."""
    contiguous: int = Field(default=0, sa_type=BigInteger)
    beyond: str = Field(default="[]", sa_type=Text)
    """JSON: ranges accounted for above `contiguous`, ascending and apart."""
    received: int = Field(default=0, sa_type=BigInteger)
    dropped: int = Field(default=0, sa_type=BigInteger)
    duplicates: int = Field(default=0, sa_type=BigInteger)
    forks: int = Field(default=0, sa_type=BigInteger)
    first_seen_ms: int = Field(sa_type=BigInteger)
    last_seen_ms: int = Field(sa_type=BigInteger)


class JournalEntry(SQLModel, table=True):
    """The fingerprint of every message stored: the same number with another content is a fork.

    Never shown to anybody, and so without an organisation of its own; the device has one.
    """

    __tablename__ = "journal"

    device: str = Field(primary_key=True)
    epoch: int = Field(primary_key=True, sa_type=BigInteger)
    sequence: int = Field(primary_key=True, sa_type=BigInteger)
    digest: int = Field(sa_type=BigInteger)


class BootClock(SQLModel, table=True):
    """What is known of wall time during one boot of one device: wall = uptime + offset."""

    __tablename__ = "boot_clock"

    device: str = Field(primary_key=True)
    boot_id: str = Field(primary_key=True)
    organisation: str = Field(index=True)
    facility: str
    hub_offset_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Seen by the hub's clock while the device was connected in this boot."""
    device_offset_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Told by the device's own clock once it was synchronised."""


class HealthFact(SQLModel, table=True):
    """The latest outcome of one health check of one device."""

    __tablename__ = "health_fact"

    device: str = Field(primary_key=True)
    check: str = Field(primary_key=True)
    organisation: str = Field(index=True)
    facility: str
    status: str
    value: float | None = None
    unit: str | None = None
    detail: str = ""
    reason: str = ""
    """Why, as a code of the check's."""
    at_ms: int = Field(sa_type=BigInteger)
    since_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When it was first found so, if that is known; a check that finds the same again leaves it."""


class HealthAlert(SQLModel, table=True):
    """Something wrong with a terminal that somebody should know of, from when it was raised until it ended."""

    __tablename__ = "health_alert"
    __table_args__ = (
        Index(
            "uq_health_alert_open",
            "device",
            "check",
            unique=True,
            sqlite_where=text("ended_ms IS NULL"),
            postgresql_where=text("ended_ms IS NULL"),
        ),
        Index("ix_health_alert_latest", "device", "check", "raised_ms"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    organisation: str = Field(index=True)
    facility: str
    device: str
    check: str
    level: str
    """`warning` or `failure`, the worse that it has been."""
    reason: str = ""
    raised_ms: int = Field(sa_type=BigInteger)
    times: int = 1
    """How often it came, with so little time between that it is the same alert."""
    came_ms: int = Field(sa_type=BigInteger)
    """When it came the last time."""
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
    acknowledged_ms: int | None = Field(default=None, sa_type=BigInteger)
    acknowledged_by: str | None = None
    """The name of an account."""
    told_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When people were told of it; None again when it becomes worse."""


class AlertChoice(SQLModel, table=True):
    """How somebody wants to hear of alerts. Personal, and so of no facility."""

    __tablename__ = "alert_choice"

    organisation: str = Field(primary_key=True)
    account: int = Field(primary_key=True)
    by_mail: bool = False
    by_push: bool = False
    language: str | None = None
    """That of the page on which it was chosen; the account's own, once it has one, comes before it."""


class DeviceTag(SQLModel, table=True):
    """A word that operators gave a terminal, to speak of several at once."""

    __tablename__ = "device_tag"

    device: str = Field(primary_key=True)
    tag: str = Field(primary_key=True)
    organisation: str = Field(index=True)
    facility: str


class FleetView(SQLModel, table=True):
    """A filter of the list of terminals that somebody has given a name. Personal, and so of no facility."""

    __tablename__ = "fleet_view"
    __table_args__ = (UniqueConstraint("account", "name", name="uq_fleet_view_name"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    facility: str = ""
    account: int
    name: str
    query: str = Field(sa_type=Text)


class Desired(SQLModel, table=True):
    """The configuration that a device is told to work by, and the version that it says it does."""

    __tablename__ = "desired_configuration"

    device: str = Field(primary_key=True)
    organisation: str = Field(index=True)
    facility: str
    version: int = Field(sa_type=BigInteger)
    document: str = Field(sa_type=Text)
    reported_version: int | None = Field(default=None, sa_type=BigInteger)
    reported: str | None = Field(default=None, sa_type=Text)
    """JSON: the rest of the `ReportedConfiguration`."""
