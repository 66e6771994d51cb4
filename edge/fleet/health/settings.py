"""The section `[health]` of `terminal.toml`: from where on a check warns, and from where on it fails."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from edge.fleet.health.finding import Limits


class HealthSettings(BaseModel):
    """A limit is written as `temperature_c = {warning = 75, failure = 82}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature_c: Limits = Limits(warning=75, failure=82)
    """A Pi slows down at 80 °C, and more from 85 °C on."""
    disk_free_percent: Limits = Limits(warning=10, failure=2)
    card_used_percent: Limits = Limits(warning=80, failure=100)
    """Of its life, by its own word."""
    card_overwritten: Limits = Limits(warning=500, failure=1500)
    """How often as much as it holds was written, where it says nothing itself; cheap cards bear about a thousand."""
    memory_available_percent: Limits = Limits(warning=12, failure=5)
    clock_offset_ms: Limits = Limits(warning=500, failure=60_000)
    queue_age_s: Limits = Limits(warning=3600, failure=3 * 24 * 3600)
    round_trip_ms: Limits = Limits(warning=2000, failure=10_000)
    connections_per_hour: Limits = Limits(warning=4, failure=12)
    silent_open_hours: Annotated[float, Field(gt=0)] = 8
    """A panel or glass that nobody touched through so many hours of opening is silent."""
    silent_hours: Annotated[float, Field(gt=0)] = 7 * 24
    """The same where nobody knows when it is open."""
    touch_held_s: Annotated[float, Field(ge=5)] = 60
    """No finger rests on the glass for so long."""
