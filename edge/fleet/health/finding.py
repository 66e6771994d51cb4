"""What a health check found."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warning", "failure"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `detail` is a sentence for the person who mends it, empty when all is well."""

    check: str
    status: Status
    value: float | int | None = None
    unit: str | None = None
    detail: str = ""
