"""What a health check found, and how a number is judged."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["ok", "warning", "failure"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    `detail` is a sentence for the person who mends it and `reason` the same as a word for programs; both are empty
    when all is well.
    """

    check: str
    status: Status
    value: float | int | None = None
    unit: str | None = None
    detail: str = ""
    reason: str = ""


class Limits(BaseModel):
    """From which number on something is a warning, and a failure; a smaller failure means that less is worse."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    warning: float
    failure: float

    def status(self, value: float) -> Status:
        """How a number is judged; the limits themselves are bad."""
        sign = 1 if self.failure >= self.warning else -1
        if sign * value >= sign * self.failure:
            return "failure"
        return "warning" if sign * value >= sign * self.warning else "ok"
