"""Tables of campaigns, their words and who takes part. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class SmsCampaign(SQLModel, table=True):
    """Whom a facility asks by SMS, and when."""

    __tablename__ = "sms_campaign"

    organisation: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    facility: str = Field(index=True)
    name: str
    survey: str
    """Campaigns that ask for the same survey ask nobody twice."""
    language: str
    """For patients of whom none is known."""
    trigger: str
    keyword: str = ""
    """Folded; whoever texts it starts a demonstration."""
    state: str
    policy: str = Field(sa_type=Text)
    """JSON of `policy.Policy`."""
    created_ms: int = Field(sa_type=BigInteger)
    created_by: str


class SmsText(SQLModel, table=True):
    """A clinic's own words of one message; the campaign "" is all of the facility's."""

    __tablename__ = "sms_text"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    campaign: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    template: str = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    changed_by: str
    at_ms: int = Field(sa_type=BigInteger)


class SmsTextVersion(SQLModel, table=True):
    """What a clinic's own words of one message were from a moment on; empty: the standard ones."""

    __tablename__ = "sms_text_version"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    campaign: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    template: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    changed_by: str
    at_ms: int = Field(sa_type=BigInteger)


class SmsParticipation(SQLModel, table=True):
    """One patient and one survey, once and for all, whatever comes of it."""

    __tablename__ = "sms_participation"
    __table_args__ = (
        UniqueConstraint("organisation", "survey", "patient", name="uq_sms_participation"),
        Index("ix_sms_participation_due", "state", "due_ms"),
        Index("ix_sms_participation_patient", "organisation", "patient", "invited_ms"),
        Index("ix_sms_participation_campaign", "organisation", "campaign", "state"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    )
    organisation: str
    facility: str
    campaign: str
    survey: str
    patient: str
    """A keyed fingerprint (`people.respondents`)."""
    recipient: str
    respondent: int = Field(sa_type=BigInteger)
    employee: str = ""
    touchpoint: str = ""
    stratum: str = ""
    time_zone: str
    """Where the patient lives, as far as is known."""
    number: int = Field(sa_type=BigInteger)
    """By which people are drawn."""
    state: str
    reason: str = ""
    """Why somebody was not asked."""
    happened_ms: int = Field(sa_type=BigInteger)
    """The end of the visit, the first day of the treatment, the discharge."""
    due_ms: int = Field(sa_type=BigInteger)
    """When the invitation is to be looked at next."""
    latest_ms: int = Field(sa_type=BigInteger)
    created_ms: int = Field(sa_type=BigInteger)
    invited_ms: int | None = Field(default=None, sa_type=BigInteger)
    sent_ms: int | None = Field(default=None, sa_type=BigInteger)
    delivered_ms: int | None = Field(default=None, sa_type=BigInteger)
    replied_ms: int | None = Field(default=None, sa_type=BigInteger)
    accepted_ms: int | None = Field(default=None, sa_type=BigInteger)
    scored_ms: int | None = Field(default=None, sa_type=BigInteger)
    score: int | None = None
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
