"""Tables of the authority."""

from sqlalchemy import BigInteger, Column, LargeBinary, Text
from sqlmodel import Field, SQLModel


class CertificateAuthority(SQLModel, table=True):
    """One that signs, or has signed, for this hub's terminals. It is the hub's and no organisation's."""

    __tablename__ = "certificate_authority"

    serial: str = Field(primary_key=True)
    """Of its certificate, in hexadecimal."""
    certificate: str = Field(sa_type=Text)
    """PEM."""
    sealed_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_ms: int = Field(sa_type=BigInteger)
    until_ms: int = Field(sa_type=BigInteger)


class DeviceKey(SQLModel, table=True):
    """A key that a terminal has proved to hold. One device has one that is valid, and those it had before."""

    __tablename__ = "device_key"

    fingerprint: str = Field(primary_key=True)
    device: str = Field(index=True)
    organisation: str = Field(index=True)
    facility: str
    hardware: str = ""
    accepted_ms: int = Field(sa_type=BigInteger)
    revoked_ms: int | None = Field(default=None, sa_type=BigInteger)
    turned_away_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When a terminal last showed it after it was revoked."""


class DeviceCertificate(SQLModel, table=True):
    """Signed for a device's key. Kept until it has expired, so that it can be revoked."""

    __tablename__ = "device_certificate"

    serial: str = Field(primary_key=True)
    """In hexadecimal."""
    authority: str
    """Serial of whoever signed it."""
    fingerprint: str = Field(index=True)
    device: str = Field(index=True)
    organisation: str = Field(index=True)
    facility: str
    pem: str = Field(sa_type=Text)
    issued_ms: int = Field(sa_type=BigInteger)
    until_ms: int = Field(sa_type=BigInteger)
    revoked_ms: int | None = Field(default=None, sa_type=BigInteger)
