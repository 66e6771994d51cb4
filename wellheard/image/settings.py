"""What one terminal's card is to be: every field is checked before a single file is written.

Decides what is accepted. Whatever is refused is named by its field, and never repeated where it is a secret.
"""

import csv
import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_ssh_public_key
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from contract.messages.envelope import Identifier
from contract.validation import own_words

_PSK = re.compile(r"[0-9a-fA-F]{64}")
_PASSPHRASE = re.compile(r"[ -~]{8,63}")


class ImageRefused(Exception):
    """The card cannot be made so; the text names the field and what is wrong with it."""


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone; it is written like Europe/Madrid")
    return name


def _https(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query:
        raise ValueError("an address like https://hub.clinic.example is needed")
    return address.rstrip("/")


def _certificates(pem: str) -> str:
    try:
        x509.load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise ValueError("this is no certificate in PEM") from error
    return pem.strip() + "\n"


def _public_key(line: str) -> str:
    try:
        load_ssh_public_key(line.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("this is no public key of OpenSSH") from error
    return line.strip()


def _ssid(name: str) -> str:
    if not 1 <= len(name.encode()) <= 32:
        raise ValueError("a network's name has 1 to 32 bytes")
    return name


def _passphrase(secret: SecretStr) -> SecretStr:
    word = secret.get_secret_value()
    if not (_PSK.fullmatch(word) or _PASSPHRASE.fullmatch(word)):
        raise ValueError("8 to 63 printable ASCII characters are needed")
    return secret


def _token(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,128}", secret.get_secret_value()):
        raise ValueError("a token of the hub, or its table with the columns device and token")
    return secret


EXPECTED = {
    "device": "1 to 63 small letters, digits and hyphens are needed",
    "hostname": "1 to 63 small letters, digits and hyphens are needed, none of them at the end",
    "locale": "it is written like es_ES.UTF-8",
    "keyboard": "two small letters are needed, such as es",
    "ntp": "a host's name or address is needed",
    "panels": "a USB model is written like 1209 or 1209:c0de",
    "screen": "a resolution is written like 1280x800",
    "wifi.ssid": "a network's name has no control characters",
    "wifi.country": "two capital letters are needed, such as ES",
}
"""What a field's pattern says, in words."""

Host = Annotated[
    str,
    StringConstraints(max_length=253, pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$"),
]
ScreenSize = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{2,3}x[1-9][0-9]{2,3}$")]
Token = Annotated[SecretStr, AfterValidator(_token)]
PanelModel = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{4}(:[0-9a-f]{4})?$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class WifiSettings(_Section):
    """A WPA network; without one the terminal uses its cable."""

    ssid: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$"), AfterValidator(_ssid)]
    passphrase: Annotated[SecretStr, AfterValidator(_passphrase)]
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "ES"
    """Whose rules the radio keeps."""
    hidden: bool = False

    @property
    def key(self) -> str:
        """64 hexadecimal digits that open this network and no other with the same passphrase (IEEE 802.11i, H.4)."""
        secret = self.passphrase.get_secret_value()
        if _PSK.fullmatch(secret):
            return secret.lower()
        return hashlib.pbkdf2_hmac("sha1", secret.encode(), self.ssid.encode(), 4096, 32).hex()


class ImageSettings(_Section):
    """One terminal's card."""

    device: Identifier
    hostname: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    hub: Annotated[str, AfterValidator(_https)] = "https://wellheard.local"
    hub_ca: Annotated[str, AfterValidator(_certificates)] | None = None
    """The certificates that the hub's is checked against, as PEM; none: those of the system."""
    enrolment: Token | None = None
    """A pre-authorised enrolment; none: the terminal shows a code, and somebody accepts it at the hub."""
    screen: ScreenSize | None = None
    """The touch screen's pixels; none: the terminal has panels alone."""
    timezone: Annotated[str, AfterValidator(_time_zone)] = "Europe/Madrid"
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}_[A-Z]{2}\.UTF-8$")] = (
        "es_ES.UTF-8"
    )
    keyboard: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "es"
    wifi: WifiSettings | None = None
    ntp: tuple[Host, ...] = ()
    """Time servers of the house, asked before those of Debian."""
    panels: Annotated[tuple[PanelModel, ...], Field(min_length=1)] = ("1209",)
    """USB models of button panels, as vendor or vendor:product."""
    ssh_keys: tuple[Annotated[str, AfterValidator(_public_key)], ...] = ()
    """Who may log in from elsewhere; none: nobody."""

    @model_validator(mode="before")
    @classmethod
    def _is_called_after_the_device(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("hostname") is None:
            return {**given, "hostname": str(given.get("device", "")).rstrip("-")}
        return given


def read_site(path: Path) -> dict[str, Any]:
    """What terminals of a site share, from a TOML file whose keys are those of ImageSettings; `hub_ca` names a file."""
    try:
        shared = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ImageRefused(f"site: {path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ImageRefused(f"site: {path}: {error}") from error
    if "device" in shared:
        raise ImageRefused("device: a site's file holds what terminals share")
    if isinstance(authority := shared.get("hub_ca"), str):
        shared["hub_ca"] = str(path.parent / authority)
    return shared


def own_token(text: str, device: str) -> str:
    """Of what the hub showed: a token alone, or a table of many, of which only this device's goes onto its card."""
    if not text.startswith("device,"):
        return text.strip()
    rows = csv.DictReader(text.splitlines())
    for row in rows:
        if row.get("device") == device and row.get("token"):
            return str(row["token"])
    raise ImageRefused(f"enrolment: the table has no token of {device}")


def checked(given: Mapping[str, Any]) -> ImageSettings:
    """ImageRefused names the first field that cannot be used."""
    try:
        return ImageSettings.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(part for part in first["loc"] if isinstance(part, str)) or "settings"
        said = own_words(first["msg"])
        if first["type"].startswith("string_"):
            said = EXPECTED.get(field, said)
        if first["type"] == "extra_forbidden":
            said = "there is no such setting of a card"
        raise ImageRefused(f"{field}: {said}") from error
