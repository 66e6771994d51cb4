"""The files by which Mosquitto knows terminals: their topics, whom to believe, who is revoked, its own certificate.

Written into the folder of a Mosquitto that we start, or of one that somebody else runs; each whole and durably, and
only when it says something new. Whether Mosquitto has read them is not seen here.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from hub.core.broker.hashed_names import hashed_names
from hub.core.broker.interface import Trust

DEVICES = "terminals.acl"
AUTHORITIES, REVOKED = "terminals-ca.crt", "terminals.crl"
"""Authorities are also there one by one, by `hashed_names`: all in one is for whoever reads them at the start."""
CERTIFICATE, KEY = "broker.crt", "broker.key"

Write = Callable[[str, str], Path]
"""Replaces a file, given its name and text."""


def of_trust(trust: Trust) -> dict[str, str]:
    """The texts by the names of their files."""
    key = {} if trust.key is None else {KEY: trust.key.decode()}
    believed = {**hashed_names(trust.authorities), AUTHORITIES: trust.authorities}
    texts = {**believed, REVOKED: trust.revoked, **key}
    return {**texts, CERTIFICATE: trust.certificate}  # last: it is what is asked for again


def write_new(folder: Path, texts: Mapping[str, str], write: Write) -> bool:
    """Write those that differ from what is there; whether any did."""
    different = [name for name, text in texts.items() if read(folder, name) != text]
    for name in different:
        write(name, texts[name])
    return bool(different)


def read(folder: Path, name: str) -> str | None:
    """The file's text, if it is there."""
    try:
        return (folder / name).read_text()
    except FileNotFoundError:
        return None
