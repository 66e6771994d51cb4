"""Years of answers in a hub's database, all at once: rows, counts and bases, and whether the counts are true.

Answers and counts are written in bulk, past the inbox, because through it five million would take a quarter of an
hour; a sample of the counts is then compared with a count of the answers themselves. Everything else goes through
the slices' own services.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain, repeat
from typing import Any

import numpy as np
from sqlalchemy import Table, insert, select, text
from sqlmodel import SQLModel

from bench.apparatus import years as of
from bench.apparatus.answers import DEVICES, FACILITY, ORGANISATION
from bench.apparatus.years import Years, counted, employee_name, facility_name, touchpoint_name
from contract.topics import DeviceAddress
from hub.core.db import Database
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.feedback import served_months
from hub.feedback.figures.calendar import day_number, month_and_bit
from hub.fleet import service as fleet
from hub.identity import service as identity
from hub.identity.schemas import NewEmployee, NewFacility, NewTouchpoint

WHOLE = Scope(ORGANISATION)
CHUNK = 50_000
UNTOLD = 0.02
"""Of the days on which a doctor worked nobody has said how many were served."""
HOUR_MS = 3_600_000

Row = tuple[Any, ...]


def seed(workplace: Workplace, years: Years) -> None:
    """Write everything into an empty database whose organisation exists."""
    with workplace.begin() as work:
        _furnish(work)
    database = workplace.database
    _write(database, "response", _answers(years))
    for name, rows in _counts(years):
        _write(database, name, rows)
    _write(database, "presence_day", _presence(years))
    with workplace.begin() as work:
        _tell_served(work, years)
    if not database.is_sqlite:  # as its own autovacuum does in a hub that runs for a while
        with database.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as connection:
            connection.execute(text("VACUUM ANALYZE"))


def wrong_counts(workplace: Workplace, years: Years) -> int:
    """Of one facility's month: how many of its counts are not what its answers say."""
    facility, month = (
        facility_name(1),
        month_and_bit(day_number(years.last - timedelta(days=40)))[0],
    )
    zone_hours = years.midnights()
    days = {day_number(years.first) + n: int(hour) for n, hour in enumerate(zone_hours)}
    mine = sorted(number for number in days if month_and_bit(number)[0] == month)
    response = _table("response").c
    true: dict[str, Counter[Row]] = defaultdict(Counter)
    answers = select(response).where(
        response.organisation == ORGANISATION,
        response.facility == facility,
        response.occurred_ms >= days[mine[0]] * HOUR_MS,
        response.occurred_ms < (days[mine[-1]] + 24) * HOUR_MS,
    )
    by_hour = {days[day] + hour: day for day in mine for hour in range(24)}
    with workplace.read() as work:
        for r in work.connection.execute(answers):
            hour = r.occurred_ms // HOUR_MS
            asked, whom = (r.survey, r.question), (r.touchpoint, r.employee or "")
            kind = (r.value, r.flags != "")
            true["answer_count"][hour, *asked, *whom, *kind] += 1
            true["answer_day"][by_hour[hour], *asked, *whom, *kind] += 1
            true["answer_month"][month, *asked, *whom, *kind] += 1
            true["facility_day"][by_hour[hour], *asked, *kind] += 1
            true["facility_hour"][hour, *asked, *kind] += 1
            true["facility_month"][month, *asked, *kind] += 1
        return sum(_differing(work, name, counts, facility) for name, counts in true.items())


def _differing(work: UnitOfWork, name: str, true: Counter[Row], facility: str) -> int:
    table = _table(name)
    key = list(table.primary_key.columns)[2:]
    spans = {row[0] for row in true}
    rows = select(*key, table.c.count).where(
        table.c.organisation == ORGANISATION,
        table.c.facility == facility,
        key[0].between(min(spans), max(spans)),
    )
    found = {tuple(row[:-1]): row[-1] for row in work.connection.execute(rows)}
    return len(set(found.items()) ^ set(true.items()))


def _furnish(work: UnitOfWork) -> None:
    for facility in range(of.FACILITIES):
        place = facility_name(facility)
        identity.create_facility(work, WHOLE, NewFacility(id=place, name=place))
        for number in range(of.TOUCHPOINTS):
            name = touchpoint_name(facility, number)
            identity.create_touchpoint(
                work, WHOLE, NewTouchpoint(id=name, facility=place, name=name)
            )
            address = DeviceAddress(ORGANISATION, place, f"terminal-{facility}-{number}")
            fleet.enrol(work, WHOLE, address, name, name)
        for number in range(of.DOCTORS):
            name = employee_name(facility, number)
            identity.create_employee(work, WHOLE, NewEmployee(id=name, facility=place, name=name))

    identity.create_facility(work, WHOLE, NewFacility(id=FACILITY, name=FACILITY))
    for device in DEVICES:
        fleet.enrol(work, WHOLE, device)


def _answers(years: Years) -> Iterator[Row]:
    """In the order of the table's columns."""
    chance = np.random.default_rng(2)
    hours = years.hours()
    for start in range(0, years.count, CHUNK):
        part = slice(start, min(start + CHUNK, years.count))
        ids = range(part.start + 1, part.stop + 1)
        at_ms = hours[part] * HOUR_MS + np.sort(chance.integers(0, HOUR_MS, len(ids)))
        columns = (
            years.facility,
            years.question,
            years.touchpoint,
            years.employee,
            years.value,
            years.flagged,
        )
        numbers = zip(*(column[part].tolist() for column in columns), strict=True)
        for answer_id, at, told in zip(ids, at_ms.tolist(), numbers, strict=True):
            facility, question, touchpoint, employee, value, flagged = told
            survey, asked = of.QUESTIONS[question]
            text_of = of.VALUES[question][value]
            yield (
                answer_id, ORGANISATION, facility_name(facility), touchpoint_name(facility, touchpoint),
                f"terminal-{facility}-{touchpoint}", 1, answer_id, "screen", None, None, None, survey, 1, asked,
                text_of, value if question == 2 else None, employee_name(facility, employee) or None, None,
                "play" if flagged else "", at, "boot", at, at, "device", at + 40, None, None,
            )  # fmt: skip


def _counts(years: Years) -> Iterator[tuple[str, Iterator[Row]]]:
    """Each table of counts and its rows, in the order of its columns."""
    day = years.day + day_number(years.first)
    numbers = np.arange(int(day.max()) + 1)
    month = np.array([month_and_bit(number)[0] for number in numbers.tolist()])[day]
    whom, kind = (years.touchpoint, years.employee), (years.value, years.flagged)
    for name, span, detailed in (
        ("answer_count", years.hours(), True),
        ("answer_day", day, True),
        ("facility_day", day, False),
        ("facility_hour", years.hours(), False),
        ("facility_month", month, False),
    ):
        columns = (years.facility, span, years.question, *(whom if detailed else ()), *kind)
        yield name, map(_named, counted(columns))
    bits: defaultdict[Row, int] = defaultdict(int)
    for *key, on, _count in counted((years.facility, month, years.question, *whom, *kind, day)):
        bits[tuple(key)] |= month_and_bit(on)[1]
    months = counted((years.facility, month, years.question, *whom, *kind))
    yield "answer_month", ((*_named(row), bits[row[:-1]]) for row in months)


def _named(row: Row) -> Row:
    """From numbers to what the tables hold."""
    facility, span, question, *whom, value, flagged, count = row
    names = (touchpoint_name(facility, whom[0]), employee_name(facility, whom[1])) if whom else ()
    return (
        ORGANISATION, facility_name(facility), span, *of.QUESTIONS[question], *names,
        of.VALUES[question][value], bool(flagged), count,
    )  # fmt: skip


def _presence(years: Years) -> Iterator[Row]:
    """Somebody came near every terminal on every open day."""
    chance = np.random.default_rng(3)
    for facility in range(of.FACILITIES):
        for day in np.unique(years.day).tolist():
            for number in range(of.TOUCHPOINTS):
                near = int(chance.integers(60, 480))
                place = (ORGANISATION, facility_name(facility), day_number(years.first) + day)
                whose = (f"terminal-{facility}-{number}", touchpoint_name(facility, number))
                yield *place, *whose, near, near // 2, near * 5000, near * 2000, 14 * 3600


def _tell_served(work: UnitOfWork, years: Years) -> None:
    """Of every facility and of nearly every day of a doctor."""
    chance = np.random.default_rng(4)
    days = [years.first + timedelta(days=int(n)) for n in np.unique(years.day)]
    said = {"organisation": ORGANISATION, "touchpoint": "", "entered_by": "bench", "at_ms": 0}
    rows = [
        {**said, "facility": facility_name(facility), "employee": who, "day": day, "count": count,
         "source": "ticket_queue"}
        for facility in range(of.FACILITIES)
        for who, count in chain([("", 4000)], zip(_doctors(facility), repeat(90)))
        for day in days
        if not who or chance.random() >= UNTOLD
    ]  # fmt: skip
    for start in range(0, len(rows), CHUNK):
        work.connection.execute(insert(_table("served")), rows[start : start + CHUNK])
    told = [((row["facility"], row["employee"], ""), row["day"]) for row in rows]
    served_months.believe_anew(work, WHOLE, told)


def _doctors(facility: int) -> list[str]:
    return [employee_name(facility, number) for number in range(of.DOCTORS)]


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def _write(database: Database, name: str, rows: Iterable[Row]) -> None:
    """In one transaction, by the quickest way that each database has."""
    table = _table(name)
    names = ", ".join(column.name for column in table.c)
    with database.writing() as connection:
        if database.is_sqlite:
            marks = ", ".join("?" for _ in table.c)
            cursor = connection.connection.cursor()
            cursor.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", rows)
            return
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        if "id" in table.c:
            cursor.execute(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))")
