"""From when until when the demonstration's past reaches, by the clinic's clocks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wellheard.demo.story import CLOSES

DAYS = 35
HOUR_S = 3600


@dataclass(slots=True)
class HeldClock:
    """Stands where the story is."""

    at_ms: int

    def now_ms(self) -> int:
        return self.at_ms


@dataclass(frozen=True, slots=True)
class Past:
    """From when until now, by the clinic's clocks."""

    since_ms: int
    now_ms: int
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self.now_ms / 1000, self.zone).date()

    @property
    def first(self) -> date:
        """The first day of which anything is to be written."""
        return max(
            self.today - timedelta(days=DAYS),
            datetime.fromtimestamp(self.since_ms / 1000, self.zone).date(),
        )

    def heard_ms(self, day: date) -> int:
        """When what was said on a day is taken in: half an hour after the clinic has closed."""
        return min(self.now_ms, self.moment(day, CLOSES * HOUR_S + HOUR_S // 2))

    def moment(self, day: date, second: int) -> int:
        """Milliseconds since 1970 UTC of a second of the day."""
        midnight = datetime.combine(day, time(), self.zone)
        return int((midnight + timedelta(seconds=second)).timestamp() * 1000)
