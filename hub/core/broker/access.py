"""Pure: who may connect to Mosquitto and which topics they may use, as the text of its files.

A device's user name is its id, and what it may use is spelt out to its organisation and facility: a pattern with
wildcards in their place would let it write, and read what is retained, at a place where it no longer stands. The ids'
alphabet has no ':', '/', '+', '#', blank or line end, so an id can neither begin a second line in a file nor match more
than its own level of a topic.
"""

import base64
import hashlib
import re
from collections.abc import Collection, Mapping

from contract.topics import (
    ROOT,
    Channel,
    DeviceAddress,
    HubTopic,
    TopicError,
    checked_identifier,
)

HUB_USER = "hub"

ITERATIONS = 101
"""mosquitto_passwd's own. The passwords are random, so stretching adds nothing, and each connection's check
(all of them again at each reload) is paid by the broker's only thread."""

SALT_BYTES = 12
"""What Mosquitto 2.0 insists on."""

_WRITES = (f"{Channel.UP}/#", Channel.STATE.value, Channel.REPORTED.value)
_READS = tuple(
    channel.value for channel in (Channel.CONFIRMED, Channel.DESIRED, Channel.JOB, Channel.SMS)
)
_ENTRY = re.compile(r"([a-z0-9][a-z0-9-]{0,62}):(\$7\$\d+\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+)")


def checked_device_user(device_id: str) -> str:
    """The same id, or a TopicError: not an id, or the hub's own name."""
    checked_identifier(device_id, "device")
    if device_id == HUB_USER:
        raise TopicError(f"device: {HUB_USER!r} is the hub's own name on the broker")
    return device_id


def hub_acl() -> str:
    """The hub may do everything below our root."""
    return f"user {HUB_USER}\ntopic readwrite {ROOT}/#\n"


def device_acl(devices: Collection[DeviceAddress]) -> str:
    """Each device may do at its own address what the contract gives it, and hear the hub of its organisation."""
    return "".join(_rules(one) for one in sorted(devices, key=str))


def _rules(address: DeviceAddress) -> str:
    own = f"{ROOT}/{address.organisation}/{address.facility}/{checked_device_user(address.device)}"
    lines = [f"user {address.device}"]
    lines += [f"topic write {own}/{below}" for below in _WRITES]
    lines += [f"topic read {own}/{below}" for below in _READS]
    lines += [f"topic read {HubTopic(address.organisation)}"]
    return "\n".join(lines) + "\n"


def password_hash(password: str, salt: bytes) -> str:
    """`$7$iterations$salt$hash`, Mosquitto's PBKDF2 with HMAC-SHA-512 (its password_mosq.c)."""
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"


def password_lines(hashes: Mapping[str, str]) -> str:
    """The password file: user name to hash."""
    return "".join(f"{user}:{hashed}\n" for user, hashed in sorted(hashes.items()))


def parse_password_lines(text: str) -> dict[str, str]:
    """User name to hash; whatever is not a line of ours is left out."""
    found = (_ENTRY.fullmatch(line) for line in text.splitlines())
    return {match[1]: match[2] for match in found if match}
