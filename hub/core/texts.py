"""Texts that people read: marked where they are written, translated into the reader's language when they are shown.

Which language that is, is decided in `languages`; outside a request, and in logs, it is English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers, units


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is what pages say of themselves (BCP 47); numbers and dates are written as the locale does."""

    code: str
    locale: Locale
    translations: NullTranslations

    @property
    def name(self) -> str:
        """What its speakers call it."""
        own = self.locale.get_language_name(self.locale) or self.code
        return own[:1].upper() + own[1:]


ENGLISH = Language("en", Locale("en", "GB"), NullTranslations())

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 24 * 3600

_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def N_(text: str) -> str:  # noqa: N802 - the name that every tool for translators knows
    """Marks a text that is translated later, when it is shown."""
    return text


def gettext(text: str) -> str:
    """The text in the reader's language."""
    return _spoken.get().translations.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The text in the form that this number asks for in the reader's language."""
    return _spoken.get().translations.ngettext(one, many, count)


def spoken() -> Language:
    """The reader's language."""
    return _spoken.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Texts are in this language inside the block."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def number(value: float) -> str:
    """A number as the reader's locale writes it."""
    return numbers.format_decimal(value, locale=_spoken.get().locale)


def rounded(value: float) -> str:
    """A number with one digit behind the point."""
    return numbers.format_decimal(value, "#,##0.0", locale=_spoken.get().locale)


def signed(value: float) -> str:
    """A number with its sign and one digit behind the point: a position on a scale that has two sides."""
    return numbers.format_decimal(value, "+#,##0.0;−#,##0.0", locale=_spoken.get().locale)


def lasting(ms: float) -> str:
    """A length of time in the unit that makes it a small number, such as `1.5 secs` or `3 hrs`."""
    sizes = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000))
    unit, size = next((each for each in sizes if ms >= each[1]), ("millisecond", 1))
    value = round(ms / size, 1) if size > 1 else round(ms)
    return units.format_unit(value, f"duration-{unit}", "short", locale=_spoken.get().locale)


def moment(at_ms: int, time_zone: str) -> str:
    """Date and time in a facility's zone, to the second."""
    return dates.format_datetime(_there(at_ms, time_zone), "medium", locale=_spoken.get().locale)


def clock_time(at_ms: int, time_zone: str) -> str:
    """Hours and minutes in a facility's zone."""
    return dates.format_time(_there(at_ms, time_zone), "HH:mm", locale=_spoken.get().locale)


def ago(at_ms: int, now_ms: int, time_zone: str) -> str:
    """How long ago while that is less than a day, `12 minutes ago`; then the day and the hour in a facility's zone.

    `times.js` keeps it fresh in the same words.
    """
    passed = max(1, (now_ms - at_ms) // 1000)
    if passed < _DAY_S:
        unit = next(size for size in (_HOUR_S, _MINUTE_S, 1) if passed >= size)
        since = -timedelta(seconds=passed // unit * unit)
        return dates.format_timedelta(
            since, threshold=1, add_direction=True, locale=_spoken.get().locale
        )
    there = _there(at_ms, time_zone)
    skeleton = "MMMd" if there.year == _there(now_ms, time_zone).year else "yMMMd"
    named = dates.format_skeleton(skeleton, there, locale=_spoken.get().locale)
    return f"{named}, {clock_time(at_ms, time_zone)}"


def day(of: date, form: str = "EEE d MMM") -> str:
    """A day, such as `Mon 3 Mar`; `form` is a pattern of the Unicode locale data."""
    return dates.format_date(of, form, locale=_spoken.get().locale)


def weekdays(width: str) -> list[str]:
    """Monday to Sunday, `wide` or `abbreviated`."""
    names = dates.get_day_names(width, "stand-alone", _spoken.get().locale)  # type: ignore[arg-type]
    return [names[number] for number in range(7)]


def _there(at_ms: int, time_zone: str) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(time_zone))
