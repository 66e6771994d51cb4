"""Pure: weeks and days of a rota in a facility's zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def monday(text: str | None, now_ms: int, time_zone: str) -> date:
    """The first day of the week that an address names (`2026-W47`); of this week if it names none."""
    try:
        return datetime.strptime(f"{text}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(time_zone)).date()
        return today - timedelta(days=today.weekday())


def week_name(first: date) -> str:
    """As addresses spell it."""
    return first.strftime("%G-W%V")


def days(first: date) -> list[date]:
    """Seven, from this one on."""
    return [first + timedelta(days=number) for number in range(7)]


def at_ms(day: date, clock: time, time_zone: str) -> int:
    """A wall clock's moment in milliseconds since 1970 UTC."""
    return int(datetime.combine(day, clock, ZoneInfo(time_zone)).timestamp() * 1000)


def day_of(moment_ms: int, time_zone: str) -> date:
    """The day on which a moment falls in the zone."""
    return datetime.fromtimestamp(moment_ms / 1000, UTC).astimezone(ZoneInfo(time_zone)).date()


def a_week_later_ms(moment_ms: int, time_zone: str) -> int:
    """The same wall clock time seven days later, whatever the clocks do in between."""
    there = datetime.fromtimestamp(moment_ms / 1000, UTC).astimezone(ZoneInfo(time_zone))
    return at_ms(there.date() + timedelta(days=7), there.time(), time_zone)
