"""Pure: what a clinic decides about a campaign: when patients are asked, how many, and until when an answer counts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from hub.sms.campaigns.quiet_hours import DAY_MINUTES, Window

Minute = Annotated[int, Field(ge=0, le=DAY_MINUTES)]
Weekday = Annotated[int, Field(ge=0, le=6)]

PAUSE_BETWEEN_SURVEYS_MS = 30 * 86_400_000
"""At most one survey to a patient within it, over all campaigns."""


class Trigger(StrEnum):
    """What has somebody asked."""

    VISIT_ENDED = "visit_ended"
    TREATMENT_DAY = "treatment_day"
    DISCHARGE = "discharge"
    BY_HAND = "by_hand"
    DEMONSTRATION = "demonstration"
    """Whoever texts the keyword; never counted."""


class Policy(BaseModel):
    """Everything about a campaign that is decided once and rarely changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    delay_minutes: int = Field(default=120, ge=0, le=60 * 24 * 42)
    """After the visit ended or the discharge."""
    treatment_day: int = Field(default=7, ge=1, le=366)
    """The day on which treatment began is day 1."""
    latest_days: int = Field(default=42, ge=1, le=366)
    """So long after the event nobody is asked any more."""
    from_minute: Minute = 9 * 60
    until_minute: Minute = 21 * 60
    weekdays: Annotated[frozenset[Weekday], Field(min_length=1)] = frozenset(range(6))
    daily_cap: int | None = Field(default=None, ge=1)
    fraction: float = Field(default=1.0, gt=0, le=1)
    quotas: dict[str, Annotated[int, Field(ge=0)]] = {}
    seed: str = Field(default="", max_length=64)
    reminder_hours: int = Field(default=24, ge=1, le=24 * 14)
    expiry_hours: int = Field(default=72, ge=2, le=24 * 60)
    emergency: str = Field(default="112", pattern=r"^\d{2,6}$")
    region: str = Field(default="ES", pattern=r"^[A-Z]{2}$")
    """How telephone numbers without a country are read."""
    part_price: Decimal = Field(default=Decimal(0), ge=0, le=1000)
    gateway: str = Field(default="", max_length=64)
    """The one asked first; the others stand in for it."""

    @property
    def window(self) -> Window:
        """When patients may be written to."""
        return Window(self.from_minute, self.until_minute, self.weekdays)


def due_ms(trigger: Trigger, policy: Policy, happened_ms: int, zone: ZoneInfo) -> int:
    """When the invitation is due after what happened: the visit's end, the treatment's first day, the discharge."""
    match trigger:
        case Trigger.VISIT_ENDED | Trigger.DISCHARGE:
            return happened_ms + policy.delay_minutes * 60_000
        case Trigger.TREATMENT_DAY:
            began = datetime.fromtimestamp(happened_ms / 1000, UTC).astimezone(zone)
            day = began + timedelta(
                days=policy.treatment_day - 1
            )  # the same hour of the wall clock
            return int(day.timestamp() * 1000)
        case _:
            return happened_ms


def latest_ms(trigger: Trigger, policy: Policy, happened_ms: int, due: int) -> int:
    """After which an invitation comes too late; a day of a treatment counts from itself."""
    start = due if trigger is Trigger.TREATMENT_DAY else happened_ms
    return start + policy.latest_days * 86_400_000
