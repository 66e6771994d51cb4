"""Tables of enrolment."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class EnrolmentClaim(SQLModel, table=True):
    """A terminal that asks to be taken in. It belongs to nobody until somebody has typed the code on its screen."""

    __tablename__ = "enrolment_claim"

    id: str = Field(primary_key=True)
    """Long and random: only the terminal knows it."""
    code: str = Field(unique=True)
    """Short: what its screen shows."""
    fingerprint: str = Field(index=True)
    """Of the key that the terminal has proved to hold."""
    hardware: str = ""
    serial: str = ""
    """The board's own number, where it has one."""
    software: str = ""
    wish: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What it would be called."""
    asked_ms: int = Field(sa_type=BigInteger)
    until_ms: int = Field(sa_type=BigInteger)
    accepted_ms: int | None = Field(default=None, sa_type=BigInteger)
    organisation: str | None = None
    facility: str | None = None
    device: str | None = None


class ExpectedDevice(SQLModel, table=True):
    """A terminal that is taken in without further asking when it shows its one-time token."""

    __tablename__ = "expected_device"

    token_hash: str = Field(primary_key=True)
    device: str = Field(unique=True)
    organisation: str = Field(index=True)
    facility: str
    name: str
    touchpoint: str | None = None
    serial: str = ""
    """The only board that may use the token; empty: any."""
    made_ms: int = Field(sa_type=BigInteger)
    until_ms: int = Field(sa_type=BigInteger)
