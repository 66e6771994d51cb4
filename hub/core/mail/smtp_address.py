"""Where the mail server is, as a setting says it; light, so that settings can be read on any machine."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """`scheme` says how it is encrypted: not at all, after STARTTLS, or from the first byte."""

    scheme: str
    host: str
    port: int
    user: str = ""


def parsed(address: str) -> SmtpAddress:
    """From `smtp+starttls://user@mail.example:587`; ValueError for anything else."""
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise ValueError("not an address such as smtp+starttls://user@mail.example:587")
    if parts.password:
        raise ValueError("a password does not belong into the address")
    port = parts.port or PORTS[parts.scheme]
    return SmtpAddress(parts.scheme, parts.hostname, port, unquote(parts.username or ""))
