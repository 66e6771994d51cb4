"""Who asked for receipts, so that nobody guesses codes. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel


class ReceiptAttempt(SQLModel, table=True):
    """Somebody asked for a receipt; belongs to no organisation, for whoever asks is not known."""

    __tablename__ = "receipt_attempt"
    __table_args__ = (Index("ix_receipt_attempt_subject", "subject", "at_ms"),)

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    """A fingerprint of where it came from."""
    at_ms: int = Field(sa_type=BigInteger)
