"""The hub's settings: from the environment (`WELLHEARD_…`), each with a default that works on one machine.

There are no secrets among the defaults; those are generated into the data folder at the first start.
"""

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contract.topics import IDENTIFIER_PATTERN
from hub.core.mail import smtp_address
from hub.core.timeseries import influx_address


class HubSettings(BaseSettings):
    """Everything that an operator may set."""

    model_config = SettingsConfigDict(env_prefix="WELLHEARD_", extra="ignore")

    data: Path = Field(
        default=Path("data"), description="Folder for the database, keys and the broker's files"
    )
    database: str = Field(
        default="", description="SQLAlchemy URL; empty means SQLite in the data folder"
    )
    influxdb: str = Field(
        default="",
        description="http://host:8086/bucket?org=name for time series; empty keeps them in the database",
    )
    influxdb_token: SecretStr = Field(
        default=SecretStr(""), description="A token, or user:password for InfluxDB 1"
    )
    broker: str = Field(
        default="auto",
        description="auto, mosquitto, iotcore, or the URL of a broker that runs already",
    )
    broker_port: int | None = Field(
        default=1883, ge=0, le=65535, description="Of the broker we start"
    )
    broker_tls: str = Field(
        default="",
        pattern=r"^([^\s:]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}$|^$",
        description="Where terminals come in by TLS with their certificates, such as 0.0.0.0:8883; empty: nowhere",
    )
    broker_names: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9.:, -]*$",
        description="By which terminals reach the broker, with commas; empty: the host of the pages' address",
    )
    broker_files: Path | None = Field(
        default=None,
        description="Folder in which a Mosquitto that runs already finds certificates and rules; the hub keeps it",
    )
    organisation: str = Field(
        default="clinic", pattern=IDENTIFIER_PATTERN, description="Made at the first start"
    )
    organisation_name: str = Field(default="Our clinic")
    time_zone: str = Field(default="Europe/Madrid")
    host: str = Field(default="127.0.0.1", description="Address that the pages are served on")
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = Field(
        default="", description="How staff reach the pages, for links; empty: host and port"
    )
    smtp: str = Field(
        default="",
        description="smtp://host, smtp+starttls://user@host or smtps://user@host; empty: e-mails wait",
    )
    smtp_password: SecretStr = Field(default=SecretStr(""))
    mail_from: str = Field(
        default="wellheard@localhost", pattern=r"^[^@\s]+@[^@\s]+$", description="Sender of e-mails"
    )
    sms_dictionaries: Path | None = Field(
        default=None, description="Folder with the clinic's additions to the SMS dictionaries"
    )
    sms_lists: Path | None = Field(
        default=None,
        description="Folder for dropped lists, ORGANISATION/CAMPAIGN/list.csv; empty: lists in the data folder",
    )
    batch_messages: int = Field(default=500, ge=1, le=5000)
    batch_ms: int = Field(default=20, ge=0, le=5000)
    openid_issuer: str = Field(
        default="",
        pattern=r"^(https?://[^\s]*[^/\s])?$",
        description="https://accounts.example: an identity provider (OpenID Connect) to sign in with",
    )
    openid_client: str = Field(default="", description="What the provider calls this hub")
    openid_secret: SecretStr = Field(default=SecretStr(""))
    openid_name: str = Field(default="single sign-on", description="What people call the provider")
    demonstration: bool = Field(
        default=False, description="Messages go to telephones on a page, which anybody may open"
    )
    secure_cookies: bool = Field(
        default=False, description="Set where the pages are served by HTTPS"
    )

    @field_validator("database")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not _is_database_url(url):
            raise ValueError("not an address such as postgresql://user:password@host/name")
        return url

    @field_validator("influxdb")
    @classmethod
    def _known_influxdb(cls, address: str) -> str:
        if address:
            influx_address.parsed(address)
        return address

    @field_validator("smtp")
    @classmethod
    def _known_smtp(cls, address: str) -> str:
        if address:
            smtp_address.parsed(address)
        return address

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("not a time zone such as Europe/Madrid")
        return name

    def broker_listener(self) -> tuple[str, int] | None:
        """Address and port of `broker_tls`."""
        address, colon, port = self.broker_tls.rpartition(":")
        return (address.strip("[]"), int(port)) if colon else None

    def terminal_names(self) -> list[str]:
        """Under which terminals reach the broker by TLS; none where they do not."""
        if not self.broker_tls:
            return []
        given = [name.strip() for name in self.broker_names.split(",") if name.strip()]
        return given or [urlsplit(self.public_address()).hostname or self.host]

    def public_address(self) -> str:
        """How staff reach the pages; links in e-mails begin with it."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    def database_url(self) -> str:
        """The configured URL, or the embedded database's."""
        return self.database or f"sqlite:///{(self.data / 'hub.db').absolute()}"

    def pages_url(self) -> str:
        """Without a slash at its end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def _is_database_url(url: str) -> bool:
    # Late, so that the doctor can read the settings where the hub's packages are missing.
    from sqlalchemy.engine import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        return make_url(url).get_backend_name() in {"sqlite", "postgresql"}
    except ArgumentError:
        return False
