"""The fields of a form in which somebody fills in a week and holidays, as `core/hours.html` draws them."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from babel import Locale
from starlette.datastructures import FormData

from hub.core import texts
from hub.core.hours import public_holidays, weeks
from hub.core.hours.working_time import Calendar

Fields = Mapping[str, Any]


def stored(calendar: Calendar) -> dict[str, Any]:
    """What stands in the fields when nobody has typed anything."""
    return {
        "hours": calendar.hours,
        "week": weeks.lines(calendar.hours) if calendar.hours else [""] * len(weeks.DAYS),
        "country": calendar.country,
        "region": calendar.region,
    }


def in_words(calendar: Calendar | None) -> str:
    """In one line for a reader: `Mon – Fri 09:00-17:00; Sat 10:00-14:00`."""
    if calendar is None:
        return ""
    week = weeks.lines(calendar.hours)
    if week is None:
        return calendar.hours
    named = texts.weekdays("abbreviated")
    said = []
    for line, numbers in groupby(range(len(week)), key=lambda number: week[number]):
        days = [named[number] for number in numbers]
        if line:
            said.append(f"{' – '.join(dict.fromkeys((days[0], days[-1])))} {line}")
    return "; ".join(said)


def typed(form: FormData) -> dict[str, Any]:
    """What stands in them, right or wrong."""
    said = {name: str(value).strip() for name, value in form.items()}
    lines = [said.get(f"day{number}", "") for number in range(len(weeks.DAYS))]
    return {
        "hours": said.get("hours", ""),
        "week": None if "hours" in said else lines,
        "country": said.get("country", ""),
        "region": said.get("region", ""),
    }


def told(given: Fields) -> dict[str, str]:
    """Hours, country and region as they are stored; BadInput names the day."""
    country = given["country"]
    regions = public_holidays.regions().get(country, ())
    return {
        "hours": given["hours"] if given["week"] is None else weeks.written(given["week"]),
        "country": country,
        "region": given["region"] if given["region"] in regions else "",
    }


def choices(calendar: Calendar, today: date) -> dict[str, Any]:
    """What can be chosen, and which days that makes free."""
    locale: Locale = texts.spoken().locale
    named = {code: str(locale.territories.get(code, code)) for code in public_holidays.regions()}
    return {
        "countries": dict(sorted(named.items(), key=lambda item: item[1])),
        "regions": public_holidays.region_names(calendar.country),
        "days_off": public_holidays.coming(calendar, today, language=texts.spoken().code),
    }
