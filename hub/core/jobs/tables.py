"""The table of what must still be done."""

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field, SQLModel


class Job(SQLModel, table=True):
    """One piece of work. Never shown to anybody, and so without an organisation of its own; holds no personal data."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "kind", "due_ms", "id"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    kind: str
    payload: str = Field(sa_type=Text)
    """JSON. What is personal stays in its own table and is named here by its id."""
    size: int = Field(sa_type=BigInteger)
    """How many things it stands for, for whoever counts what waits."""
    due_ms: int = Field(sa_type=BigInteger)
    """Decides the order, and is never changed."""
    free_ms: int = Field(sa_type=BigInteger)
    """When it may be taken: at first when it is due, then when a lease or a pause after a failure ends."""
    attempts: int = 0
    holder: str | None = None
    """Whose lease it is, or was."""
