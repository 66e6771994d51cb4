"""Tables of patients and of the ledger of opt-outs. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class SmsRespondent(SQLModel, table=True):
    """A patient of a facility. `patient` and `recipient` are keyed fingerprints: families share telephones."""

    __tablename__ = "sms_respondent"
    __table_args__ = (
        UniqueConstraint("organisation", "facility", "patient", name="uq_sms_respondent"),
        Index("ix_sms_respondent_recipient", "organisation", "recipient"),
        Index("ix_sms_respondent_patient", "organisation", "patient"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    organisation: str
    facility: str
    patient: str
    """Of the clinic's own number of the patient, or of the telephone where there is none."""
    recipient: str
    """Of the telephone."""
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """JSON: telephone, name."""
    language: str = ""
    time_zone: str
    created_ms: int = Field(sa_type=BigInteger)


class SmsOptOut(SQLModel, table=True):
    """A line of the ledger: a telephone stopped all messages, or came back. Lines are only ever added."""

    __tablename__ = "sms_opt_out"
    __table_args__ = (Index("ix_sms_opt_out_recipient", "organisation", "recipient", "id"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    organisation: str
    facility: str
    """Where it was said; it holds for the whole organisation."""
    recipient: str
    stopped: bool
    source: str
    """`sms`, or the account of whoever entered it."""
    at_ms: int = Field(sa_type=BigInteger)
