"""How the audit log is stored. Rows are only ever added, by `log` alone."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """Who (`actor`) did what (`action`) to what (`subject`); identifiers and codes only, nobody's name or number."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_scope", "organisation", "facility", "number"),
        Index("ix_audit_entry_subject", "organisation", "subject", "number"),
    )

    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    """From 1, without gaps, over all organisations."""
    organisation: str
    facility: str | None = None
    """None where it concerns the organisation as a whole."""
    at_ms: int = Field(sa_type=BigInteger)
    actor: str
    action: str
    subject: str
    detail: str
    """A JSON object of codes and numbers."""
    digest: str
    """SHA-256 over the entry before and everything above, in hexadecimal."""


class AuditHead(SQLModel, table=True):
    """The end of the chain: one row, which also makes writers wait for each other."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Number and digest of the last entry, sealed: whoever has the database alone cannot write another end."""
