"""Pure: when to try to reach somebody by telephone.

Whoever was not there on Tuesday morning is rarely there on the next Tuesday morning: attempts are spread over parts of
the day and days of the week, and none is repeated while others are untried. What the patient wished comes first.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

ATTEMPTS = 6
WITHIN_DAYS = 10


class Part(StrEnum):
    """A part of the day."""

    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"


PARTS: Mapping[Part, tuple[time, time]] = MappingProxyType(
    {
        Part.MORNING: (time(9, 30), time(12)),
        Part.MIDDAY: (time(12, 30), time(15)),
        Part.AFTERNOON: (time(15, 30), time(18)),
        Part.EVENING: (time(18, 30), time(20, 30)),
    }
)
"""From when until when people may be called."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One attempt: a day, a part of it, and the moment."""

    day: date
    part: Part
    at: datetime

    @property
    def key(self) -> tuple[int, Part]:
        """Weekday (0 is Monday) and part of the day."""
        return self.day.weekday(), self.part


@dataclass(frozen=True, slots=True)
class Wish:
    """When the patient wants to be called: a moment, or a part of the day, or a weekday, or both of these."""

    at: datetime | None = None
    part: Part | None = None
    weekday: int | None = None

    def fits(self, slot: Slot) -> bool:
        """Whether an attempt there would be what was wished."""
        if self.at is not None:
            return slot.day == self.at.date() and slot.part is part_of(self.at.time())
        return self.part in (None, slot.part) and self.weekday in (None, slot.day.weekday())


def plan(
    now: datetime,
    *,
    wish: Wish | None = None,
    tried: Sequence[tuple[int, Part]] = (),
    attempts: int = ATTEMPTS,
    within_days: int = WITHIN_DAYS,
    may_call: Callable[[date], bool] = lambda day: day.weekday() < 6,
    parts: Mapping[Part, tuple[time, time]] = PARTS,
) -> list[Slot]:
    """The attempts still to be made, in order: `attempts` less those already `tried` (weekday, part of the day).

    `now` is the facility's local time. Fewer come back only where there are not so many different times in the span.
    """
    free = _slots(now, within_days, may_call, parts)
    chosen: list[Slot] = []
    counted = _Counted(tried)
    wanted = max(0, attempts - len(tried))
    for number in range(wanted):
        left = [slot for slot in free if slot not in chosen]
        if not left:
            break
        first = _first(left, wish, now, counted) if number == 0 else None
        target = now.date() + timedelta(days=number * within_days // wanted)
        slot = first or min(left, key=lambda each: counted.rank(each, target))
        chosen.append(slot)
        counted.note(slot.key)
    wished, others = (chosen[:1], chosen[1:]) if wish else ([], chosen)
    return [*wished, *sorted(others, key=lambda slot: slot.at)]


def part_of(clock: time) -> Part:
    """The part of the day to which a time of the clock belongs."""
    begun = [part for part, (begins, _ends) in PARTS.items() if begins <= clock]
    return begun[-1] if begun else Part.MORNING


class _Counted:
    """How often each weekday and part of the day has been tried or planned."""

    def __init__(self, tried: Collection[tuple[int, Part]]) -> None:
        self._keys = Counter(tried)
        self._parts = Counter(part for _, part in tried)
        self._weekdays = Counter(weekday for weekday, _ in tried)

    def note(self, key: tuple[int, Part]) -> None:
        weekday, part = key
        self._keys[key] += 1
        self._parts[part] += 1
        self._weekdays[weekday] += 1

    def times(self, key: tuple[int, Part]) -> int:
        """How often this very time has had its turn."""
        return self._keys[key]

    def rank(self, slot: Slot, target: date) -> tuple[int, int, int, int, datetime]:
        """Untried times first, then rare parts, then rare weekdays, then what keeps the attempts apart."""
        weekday, part = slot.key
        apart = abs((slot.day - target).days)
        return self._keys[slot.key], self._parts[part], self._weekdays[weekday], apart, slot.at


def _first(
    free: Sequence[Slot], wish: Wish | None, now: datetime, counted: "_Counted"
) -> Slot | None:
    """What was wished, or else as soon as possible at an untried time."""
    if wish is None:
        return min(free, key=lambda slot: (counted.times(slot.key), slot.at))
    if wish.at is not None and wish.at > now:
        return Slot(wish.at.date(), part_of(wish.at.time()), wish.at)
    return min((s for s in free if wish.fits(s)), key=lambda slot: slot.at, default=None)


def _slots(
    now: datetime,
    within_days: int,
    may_call: Callable[[date], bool],
    parts: Mapping[Part, tuple[time, time]],
) -> list[Slot]:
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - local time is asked for
    found = []
    for day in (now.date() + timedelta(days=number) for number in range(within_days)):
        if not may_call(day):
            continue
        for part, (begins, ends) in parts.items():
            opens, closes = (datetime.combine(day, clock, zone) for clock in (begins, ends))
            if now < closes:
                found.append(Slot(day, part, max(opens, now)))
    return found
