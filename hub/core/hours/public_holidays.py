"""Pure: which countries' and regions' public holidays are known, and what a calendar's days off are called."""

from datetime import date
from functools import cache

import holidays

from hub.core.hours.working_time import Calendar


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """By country: the codes of its regions that have holidays of their own."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(known[country]) for country in sorted(known)}


def region_names(country: str) -> dict[str, str]:
    """By code, what regions are called at home; a code where no name is known."""
    if country not in regions():
        return {}
    named: dict[str, str] = {}
    for name, code in getattr(
        holidays.country_holidays(country), "subdivisions_aliases", {}
    ).items():
        named.setdefault(code, name)
    return {code: named.get(code, code) for code in regions()[country]}


def coming(
    calendar: Calendar, today: date, days: int = 365, language: str = "en"
) -> list[tuple[date, str]]:
    """Days off from today on, in order; those that the clinic added itself have no name.

    Named in the language where the country's holidays have names in it, else in English.
    """
    special = dict(calendar.special)
    public: dict[date, str] = {}
    if calendar.country:
        years = range(today.year, today.year + 2)
        known = holidays.country_holidays(
            calendar.country, subdiv=calendar.region or None, years=years, language=language
        )
        public = {day: str(name) for day, name in known.items()}
    closed = [*calendar.closed, *(day for day, spans in special.items() if not spans)]
    found = dict.fromkeys(closed, "") | public
    return sorted(
        (day, name)
        for day, name in found.items()
        if 0 <= (day - today).days < days and not special.get(day)
    )
