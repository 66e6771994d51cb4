"""The table of lists that were taken in. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel


class SmsIntake(SQLModel, table=True):
    """A list of patients, known by its bytes: given again, it is noticed."""

    __tablename__ = "sms_intake"
    __table_args__ = (UniqueConstraint("organisation", "campaign", "digest", name="uq_sms_intake"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    facility: str
    campaign: str
    digest: str
    source: str
    given_by: str
    at_ms: int = Field(sa_type=BigInteger)
    rows: int
    chosen: int
    not_sampled: int
    quota_full: int
    known: int
    """Had taken part before, or waited already."""
