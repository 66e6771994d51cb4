"""Tables of photographs with answers. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class PhotographPolicy(SQLModel, table=True):
    """What a facility allows, in one version; a change makes a new version, and none is ever deleted."""

    __tablename__ = "photograph_policy"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    policy: str
    """The code of a `contract.photographs.Policy`."""
    changed_by: str
    at_ms: int = Field(sa_type=BigInteger)


class AnswerPhotograph(SQLModel, table=True):
    """One photograph. The answer is named by its identity, so that either may arrive first."""

    __tablename__ = "answer_photograph"
    __table_args__ = (
        UniqueConstraint(
            "device", "answer_epoch", "answer_sequence", name="uq_answer_photograph_answer"
        ),
        Index("ix_answer_photograph_due", "deleted_ms", "taken_ms"),
    )

    device: str = Field(primary_key=True)
    epoch: int = Field(primary_key=True, sa_type=BigInteger)
    sequence: int = Field(primary_key=True, sa_type=BigInteger)
    organisation: str = Field(index=True)
    facility: str
    answer_epoch: int = Field(sa_type=BigInteger)
    answer_sequence: int = Field(sa_type=BigInteger)
    media_type: str
    sha256: str
    """Of the picture, as its terminal saw it."""
    file: str | None = None
    """The name of the sealed picture in its folder, which is its own SHA-256; None once deleted."""
    taken_ms: int = Field(sa_type=BigInteger)
    """The corrected time; never after its arrival."""
    received_ms: int = Field(sa_type=BigInteger)
    deleted_ms: int | None = Field(default=None, sa_type=BigInteger)
