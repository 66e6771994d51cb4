"""How identity is stored. Identifiers are chosen by people and unique within their organisation."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel


def _in_facility() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organisation", "facility"], ["facility.organisation", "facility.id"]
    )


class Organisation(SQLModel, table=True):
    __tablename__ = "organisation"

    id: str = Field(primary_key=True)
    name: str
    time_zone: str


class Facility(SQLModel, table=True):
    __tablename__ = "facility"

    organisation: str = Field(primary_key=True, foreign_key="organisation.id")
    id: str = Field(primary_key=True)
    name: str
    time_zone: str


class OpeningHours(SQLModel, table=True):
    """One version of when a facility is open to patients; the newest counts."""

    __tablename__ = "opening_hours"
    __table_args__ = (_in_facility(),)

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    hours: str = Field(sa_type=Text)
    """As in OpenStreetMap; empty where nobody says when it is open any more."""
    country: str
    region: str
    special: str = Field(sa_type=Text)
    """JSON: days with hours of their own, empty for closed."""
    changed_ms: int = Field(sa_type=BigInteger)
    changed_by: str
    restores: int | None
    """The version whose hours these are again."""


class Touchpoint(SQLModel, table=True):
    """A place on the patient's way: a reception desk, room 12, the exit."""

    __tablename__ = "touchpoint"
    __table_args__ = (_in_facility(),)

    organisation: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    facility: str
    name: str
    kind: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Which kind of place (`place_words`); empty where nobody has said."""
    survey: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What its touch screen asks; empty leaves it to the terminal."""
    inactive_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Since when it is out of use; None: in use."""
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """Counts changes, so that two people who change it at once are told of each other."""


class Employee(SQLModel, table=True):
    __tablename__ = "employee"
    __table_args__ = (_in_facility(),)

    organisation: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    facility: str
    name: str
    speciality: str = ""
    """Several are separated by commas."""
    profession: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Which kind of work (`place_words`); empty where nobody has said."""
    languages: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Codes of the languages they speak with patients, separated by blanks."""
    photograph: str | None = None
    """SHA-256 of the photograph that patients see."""
    inactive_ms: int | None = Field(default=None, sa_type=BigInteger)
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class Shift(SQLModel, table=True):
    """An employee at a touchpoint from `starts_ms` until just before `ends_ms`."""

    __tablename__ = "shift"
    __table_args__ = (
        _in_facility(),
        ForeignKeyConstraint(
            ["organisation", "touchpoint"], ["touchpoint.organisation", "touchpoint.id"]
        ),
        ForeignKeyConstraint(
            ["organisation", "employee"], ["employee.organisation", "employee.id"]
        ),
        Index("shift_at_touchpoint", "organisation", "touchpoint", "starts_ms"),
    )

    organisation: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    facility: str
    touchpoint: str
    employee: str
    starts_ms: int = Field(sa_type=BigInteger)
    ends_ms: int = Field(sa_type=BigInteger)
    inactive_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Since when it is taken back; None: it is in force."""


class Account(SQLModel, table=True):
    """Somebody who signs in."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    organisation: str = Field(foreign_key="organisation.id")
    name: str = Field(unique=True)
    password_hash: str
    """Empty: no password fits, because none was chosen yet."""
    email_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    email_fingerprint: str | None = Field(default=None, unique=True, index=True)
    totp_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The second factor's secret; None: there is no second factor."""
    totp_step: int = Field(default=0, sa_type=BigInteger)
    """The last half minute whose code was used, so that none is used twice."""
    openid: str | None = Field(default=None, unique=True, index=True)
    """Digest of the identity provider and its name for the person."""
    employee: str | None = None
    """Who they are among those whom patients judge; None: nobody of them."""
    created_ms: int = Field(sa_type=BigInteger)
    inactive_ms: int | None = Field(default=None, sa_type=BigInteger)
    language: str | None = None
    theme: str | None = None
    """What its owner has chosen; None: whatever the browser says."""


class AccountRole(SQLModel, table=True):
    """What an account is at one facility; `facility` None means all of the organisation's."""

    __tablename__ = "account_role"
    __table_args__ = (_in_facility(),)

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    facility: str | None = None
    account: int = Field(foreign_key="account.id", index=True)
    role: str


class LoginSession(SQLModel, table=True):
    """One signed-in browser. The token itself is only in its cookie."""

    __tablename__ = "login_session"

    token_hash: str = Field(primary_key=True)
    organisation: str = Field(foreign_key="organisation.id")
    account: int = Field(foreign_key="account.id", index=True)
    csrf: str
    browser: str = ""
    created_ms: int = Field(sa_type=BigInteger)
    expires_ms: int = Field(sa_type=BigInteger, index=True)


class ApiToken(SQLModel, table=True):
    """A program's key; it may do what its account may, or less."""

    __tablename__ = "api_token"

    token_hash: str = Field(primary_key=True)
    organisation: str = Field(foreign_key="organisation.id")
    account: int = Field(foreign_key="account.id", index=True)
    label: str
    permissions: str | None = None
    """Separated by blanks; None: all that the account has."""
    created_ms: int = Field(sa_type=BigInteger)
    used_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When it was last used, to the minute."""


class RecoveryCode(SQLModel, table=True):
    """One use instead of the second factor; gone when it was used."""

    __tablename__ = "recovery_code"

    code_hash: str = Field(primary_key=True)
    account: int = Field(foreign_key="account.id", index=True)


class PasswordLink(SQLModel, table=True):
    """A way to choose a password, once: sent by e-mail to who was invited or has forgotten theirs."""

    __tablename__ = "password_link"

    token_hash: str = Field(primary_key=True)
    account: int = Field(foreign_key="account.id", index=True)
    expires_ms: int = Field(sa_type=BigInteger)


class LoginAttempt(SQLModel, table=True):
    """One attempt not (yet) known to be right. Belongs to no organisation: whoever tries is not known.

    `subject` is a digest, so that neither mistyped names nor addresses are kept.
    """

    __tablename__ = "login_attempt"
    __table_args__ = (Index("login_attempt_subject", "subject", "at_ms"),)

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    at_ms: int = Field(sa_type=BigInteger, index=True)
