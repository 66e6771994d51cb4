"""E-mails to patients. Times are milliseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from hub.cases.tables import numbered, of_case, sealed_column


class ClientTemplate(SQLModel, table=True):
    """Words for e-mails to patients, in one language and one version; sent only once somebody else approved them."""

    __tablename__ = "client_template"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    subject: str
    body: str = Field(sa_type=Text)
    written_by: str
    approved_by: str | None = None
    at_ms: int = Field(sa_type=BigInteger)


class ClientMail(SQLModel, table=True):
    """An e-mail to a patient, from its writing to its sending."""

    __tablename__ = "client_mail"

    id: int | None = numbered()
    organisation: str
    facility: str
    case_id: int = of_case()
    template: str
    language: str
    version: int
    state: str
    sealed: bytes = sealed_column()
    """JSON: to, subject, text."""
    by: str
    at_ms: int = Field(sa_type=BigInteger)
    sent_ms: int | None = Field(default=None, sa_type=BigInteger)


class MailOptOut(SQLModel, table=True):
    """An address, as a fingerprint, that wants no e-mails."""

    __tablename__ = "mail_opt_out"

    organisation: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    facility: str = ""
    at_ms: int = Field(sa_type=BigInteger)
