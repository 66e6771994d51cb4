"""Tables of the core: messages that could not be understood, kept until somebody has looked."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class DeadLetter(SQLModel, table=True):
    """One payload that no handler could store. The same payload arriving again only counts `times` up."""

    __tablename__ = "dead_letter"
    __table_args__ = (
        UniqueConstraint("topic", "digest", name="uq_dead_letter_topic_digest"),
        Index("ix_dead_letter_scope", "organisation", "facility", "id"),
        Index("ix_dead_letter_kept", "device", "truncated", "size"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation: str | None = None
    facility: str | None = None
    device: str | None = None
    topic: str
    digest: str
    """SHA-256 of the payload as it arrived, in hexadecimal."""
    kind: str
    detail: str
    size: int
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    truncated: bool = False
    received_ms: int = Field(sa_type=BigInteger)
    last_ms: int = Field(sa_type=BigInteger)
    times: int = 1
    state: str = "waiting"
    """`waiting` or `replayed`."""
    accounted: bool = False
    """Whether the message's number counts as arrived in the ledger because it is kept here."""
