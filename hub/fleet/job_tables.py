"""Tables of what terminals are asked to do."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel


class DeviceJob(SQLModel, table=True):
    """One thing asked of one terminal, and the last that was heard of it."""

    __tablename__ = "device_job"

    id: str = Field(primary_key=True)
    device: str
    organisation: str = Field(index=True)
    facility: str
    kind: str
    document: str = Field(sa_type=Text)
    """JSON: the `contract.jobs.Job`."""
    asked_ms: int = Field(sa_type=BigInteger)
    asked_by: str
    until_ms: int = Field(sa_type=BigInteger)
    outcome: str = "asked"
    """`asked`, or what the terminal last reported."""
    step: str = ""
    reason: str = Field(default="", sa_type=Text)
    release: str | None = None
    heard_ms: int | None = Field(default=None, sa_type=BigInteger)
    heard_epoch: int | None = Field(default=None, sa_type=BigInteger)
    heard_sequence: int | None = Field(default=None, sa_type=BigInteger)
    closed: str | None = None
    """Why it is asked for no more: `reported`, `taken_back` or `silent`; None while it is open."""
    closed_ms: int | None = Field(default=None, sa_type=BigInteger)
    batch: str | None = Field(default=None, index=True)
    """The same for jobs that several terminals were asked for at once."""

    __table_args__ = (
        Index("ix_device_job_device", "device", "closed"),
        Index("ix_device_job_open", "closed", "until_ms"),
    )


class OpenJobsVersion(SQLModel, table=True):
    """The version of the document that names a terminal's open jobs."""

    __tablename__ = "open_jobs_version"

    device: str = Field(primary_key=True)
    organisation: str = Field(index=True)
    facility: str
    version: int = Field(sa_type=BigInteger)


class JobFile(SQLModel, table=True):
    """What a terminal has sent for a job: logs, diagnostics, a screenshot. Sealed, and kept for some days."""

    __tablename__ = "job_file"

    job: str = Field(primary_key=True)
    device: str
    organisation: str = Field(index=True)
    facility: str
    media_type: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kept_ms: int = Field(sa_type=BigInteger, index=True)
