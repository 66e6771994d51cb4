"""SMS by a terminal's modem: what the hub has it send, and how that is sealed on its way.

A command's content is JSON of an `SmsToSend`, encrypted with Fernet (AES-128-CBC and HMAC-SHA256) under a key that hub
and terminal derive from the terminal's password for the broker, so that no telephone lies open on the broker. The hub
says it again until the terminal has reported on it; the terminal takes each id once.
"""

import base64
import hashlib
import hmac
from typing import Annotated

from pydantic import Field

from contract.messages.envelope import Code, Part, Text

MOST_PARTS = 20
Telephone = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]


class SmsCommand(Part):
    """On `sms`: a message to be sent, sealed."""

    id: Code
    sealed: Annotated[str, Field(max_length=32_000, pattern=r"^[A-Za-z0-9_=-]+$")]


class SmsPart(Part):
    """A part as the network takes it; `header` is the user data header in hexadecimal, empty for a short message."""

    text: Text
    header: Annotated[str, Field(max_length=40, pattern=r"^([0-9A-F]{2})*$")] = ""


class SmsToSend(Part):
    """What is sealed. `wide`: letters are sent as UCS-2, otherwise as GSM-7."""

    id: Code
    recipient: Telephone
    wide: bool = False
    parts: Annotated[list[SmsPart], Field(min_length=1, max_length=MOST_PARTS)]


def password_hash(password: str) -> str:
    """What the hub keeps of a terminal's password."""
    return hashlib.sha256(password.encode()).hexdigest()


def sealing_key(hashed_password: str) -> bytes:
    """Fernet's key for the commands to one terminal."""
    derived = hmac.digest(hashed_password.encode(), b"wellheard sms 1", hashlib.sha256)
    return base64.urlsafe_b64encode(derived)
