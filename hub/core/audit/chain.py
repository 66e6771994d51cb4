"""What one entry of the audit log may say, and how it hangs on the one before it. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256

START = "0" * 64
"""The digest before the first entry."""

_ACTION = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
_CODE = re.compile(r"[A-Za-z0-9_.:/,-]{0,2000}")

Value = str | int | None
"""Of a detail: a code, an identifier, a number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who (`actor`) did what (`action`) to what (`subject`); `detail` is a JSON object of codes and numbers."""

    number: int
    organisation: str
    facility: str | None
    at_ms: int
    actor: str
    action: str
    subject: str
    detail: str

    def digest(self, before: str) -> str:
        """Of everything that it says, and of all that was said before."""
        said = json.dumps([before, *astuple(self)], separators=(",", ":"))
        return sha256(said.encode()).hexdigest()


def checked(action: str, subject: str, detail: Mapping[str, Value]) -> str:
    """The detail as it is kept; ValueError for what is no code, so that nobody's words or number slip in."""
    if not _ACTION.fullmatch(action):
        raise ValueError(f"not the name of an action: {action!r}")
    for text in (subject, *(value for value in detail.values() if isinstance(value, str))):
        if not _CODE.fullmatch(text):
            raise ValueError(f"{action}: only codes, identifiers and numbers are kept")
    return json.dumps(dict(detail), sort_keys=True, separators=(",", ":"))
