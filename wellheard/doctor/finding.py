"""What a check hands back."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "missing"]


@dataclass(frozen=True)
class Finding:
    """One concern: what was found, and the command or the step that mends it.

    `warn` means that something works less well or not at all that this machine may not need;
    `missing` that Wellheard cannot do its work here.
    """

    concern: str
    status: Status
    found: str
    mend: str = ""
