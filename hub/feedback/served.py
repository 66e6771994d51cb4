"""Clients served, the base of most figures: taken in from several sources, each kept, and the best one believed.

Decides what may be stored of them. Which source is better than which is decided in `figures.origin`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Table, and_, bindparam, delete, select

from hub.core.clock import as_datetime
from hub.core.errors import BadInput
from hub.core.permissions import Permission
from hub.core.row_problems import BadRows, RowProblem
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.core.upserts import insert
from hub.feedback import served_months
from hub.feedback.figures.origin import BaseSource, Period
from hub.feedback.figures.served import ServedBase, Word, believed
from hub.feedback.served_csv import read_served
from hub.feedback.served_schemas import NewServed, ServedModel
from hub.feedback.tables import Served
from hub.identity import service as identity

served: Table = Served.__table__  # type: ignore[attr-defined]

Subject = Literal["facility", "employee", "touchpoint"]
KEY = ("facility", "employee", "touchpoint", "day", "source")
Key = tuple[str, str, str, date, str]
"""The columns of a word, and what is in them; "" where it is of neither an employee nor a touchpoint."""
Whose = tuple[str, str]
"""Facility, and the employee or touchpoint in it ("" for the facility itself)."""


@needs(Permission.ENTER_SERVED)
def enter(work: UnitOfWork, scope: Scope, given: Sequence[NewServed], by: str) -> int:
    """Store what a person or program says; the same source's earlier word on the same day is replaced.

    BadInput names the first field that cannot be right, and nothing is stored.
    """
    for _line, field, detail in _problems(work, scope, enumerate(given)):
        raise BadInput(field, detail)
    return _store(work, scope, given, by)


@needs(Permission.ENTER_SERVED)
def withdraw(work: UnitOfWork, scope: Scope, words: Collection[Key]) -> None:
    """Take words back, as if their source had said nothing of that day."""
    if not words:
        return
    this = and_(*(served.c[name] == bindparam(f"of_{name}") for name in KEY))
    rows = [{f"of_{name}": told for name, told in zip(KEY, word, strict=True)} for word in words]
    work.connection.execute(delete(served).where(scope.rows(served.c), this), rows)
    served_months.believe_anew(work, scope, [(word[:3], word[3]) for word in words])


@needs(Permission.SEE_ANSWERS)
def numbers(work: UnitOfWork, scope: Scope, period: Period) -> dict[Key, int]:
    """What every source says of these days."""
    columns = [served.c[name] for name in (*KEY, "count")]
    within = served.c.day.between(period.first, period.last)
    rows = work.connection.execute(select(*columns).where(scope.rows(served.c), within))
    return {(row[0], row[1], row[2], row[3], row[4]): row[5] for row in rows}


@needs(Permission.ENTER_SERVED)
def checked_csv(work: UnitOfWork, scope: Scope, content: bytes) -> list[NewServed]:
    """The rows of a table that could be stored as it is; BadRows."""
    rows = read_served(content)
    problems = _problems(work, scope, rows)
    if problems:
        raise BadRows(problems)
    return [given for _line, given in rows]


@needs(Permission.ENTER_SERVED)
def enter_csv(work: UnitOfWork, scope: Scope, content: bytes, by: str) -> int:
    """Store a whole table; BadRows names line and field of what cannot be right, and nothing is stored."""
    return _store(work, scope, checked_csv(work, scope, content), by)


@needs(Permission.SEE_ANSWERS)
def entries(
    work: UnitOfWork,
    scope: Scope,
    period: Period | None = None,
    limit: int = 100,
    after: int | None = None,
) -> list[ServedModel]:
    """Every source's word, by id, beginning behind `after`."""
    rows = select(served).where(scope.rows(served.c), served.c.id > (after or 0))
    if period is not None:
        rows = rows.where(served.c.day.between(period.first, period.last))
    found = work.connection.execute(rows.order_by(served.c.id).limit(limit)).mappings()
    optional = ("employee", "touchpoint")
    return [
        ServedModel.model_validate({**row, **{name: row[name] or None for name in optional}})
        for row in found
    ]


@needs(Permission.SEE_ANSWERS)
def bases(
    work: UnitOfWork, scope: Scope, period: Period, subject: Subject, only: str | None = None
) -> dict[Whose, ServedBase]:
    """What is believed of every facility, or of every employee or touchpoint in it, that anything is known of.

    `only`: one of these employees or touchpoints.
    """
    if subject == "facility":
        name, kind = served.c.employee, and_(served.c.employee == "", served.c.touchpoint == "")
    else:
        name = served.c[subject]
        kind = name != "" if only is None else name == only
    # Named one by one, for the days of each facility lie together in the index.
    facilities = sorted(identity.time_zones(work, scope))
    rows = select(
        served.c.facility, name.label("name"), served.c.day, served.c.source, served.c.count
    ).where(
        scope.rows(served.c),
        served.c.facility.in_(facilities),
        kind,
        served.c.day.between(period.first, period.last),
    )
    words: dict[Whose, list[Word]] = defaultdict(list)
    for facility, who, day, source, count in work.connection.execute(rows).all():
        words[facility, who].append((day, BaseSource(source), count))
    return {whose: believed(told) for whose, told in words.items()}


def _problems(
    work: UnitOfWork, scope: Scope, rows: Iterable[tuple[int, NewServed]]
) -> list[RowProblem]:
    zones = identity.time_zones(work, scope).items()
    now = as_datetime(work.now_ms)
    today = {facility: now.astimezone(ZoneInfo(zone)).date() for facility, zone in zones}
    employees = {(e.facility, e.id) for e in identity.employees(work, scope)}
    touchpoints = {(t.facility, t.id) for t in identity.touchpoints(work, scope)}
    seen: set[tuple[Any, ...]] = set()
    problems: list[RowProblem] = []
    for line, given in rows:
        key = key_of(given)
        if given.facility not in today:
            problem = ("facility", _("There is no such facility."))
        elif given.employee and given.touchpoint:
            problem = ("touchpoint", _("Name the employee or the touchpoint, not both."))
        elif given.employee and (given.facility, given.employee) not in employees:
            problem = ("employee", _("There is no such employee in this facility."))
        elif given.touchpoint and (given.facility, given.touchpoint) not in touchpoints:
            problem = ("touchpoint", _("There is no such touchpoint in this facility."))
        elif given.day > today[given.facility]:
            problem = ("day", _("This day has not come yet."))
        elif key in seen:
            problem = ("day", _("The same day is told twice."))
        else:
            seen.add(key)
            continue
        problems.append(RowProblem(line, *problem))
    return problems


def key_of(given: NewServed) -> Key:
    """Whose word this is, of whom and when."""
    place = (given.facility, given.employee or "", given.touchpoint or "")
    return (*place, given.day, given.source.value)


def _store(work: UnitOfWork, scope: Scope, given: Sequence[NewServed], by: str) -> int:
    said = {"organisation": scope.organisation, "entered_by": by, "at_ms": work.now_ms}
    rows = [
        {**said, **dict(zip(KEY, key_of(entry), strict=True)), "count": entry.count}
        for entry in given
    ]
    new = insert(work.connection, served)
    statement = new.on_conflict_do_update(
        index_elements=["organisation", *KEY[:3], "day", "source"],
        set_={name: new.excluded[name] for name in ("count", "entered_by", "at_ms")},
    )
    if rows:
        work.connection.execute(statement, rows)
    told = [(key_of(entry)[:3], entry.day) for entry in given]
    served_months.believe_anew(work, scope, told)
    return len(rows)
