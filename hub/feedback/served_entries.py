"""Numbers of clients served that a person enters on a page: each entry knows what it replaced, and can be taken back.

Decides that an entry is taken back as a whole, and only while all of its numbers are still the ones that it entered.
What may be entered is decided in `served`.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import select

from hub.core.errors import Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import served
from hub.feedback.figures.origin import BaseSource, Period
from hub.feedback.served import Key, key_of
from hub.feedback.served_schemas import NewServed
from hub.feedback.tables import ServedEntry

Replaced = list[tuple[Key, int | None, int | None]]
"""Each word, the number entered (None: taken away), and the one before (None: there was none)."""


@needs(Permission.ENTER_SERVED)
def enter(
    work: UnitOfWork,
    scope: Scope,
    facility: str,
    given: Sequence[NewServed],
    by: str,
    *,
    without: Sequence[Key] = (),
) -> int | None:
    """Store all of them and take those words away, or nothing (BadInput); the entry's number if anything differs."""
    inside = scope.within(facility)
    before = _before(work, inside, [*map(key_of, given), *without])
    replaced: Replaced = [(key_of(one), one.count, before.get(key_of(one))) for one in given]
    replaced += [(key, None, before[key]) for key in without if key in before]
    replaced = [change for change in replaced if change[1] != change[2]]
    served.enter(work, inside, given, by)
    served.withdraw(work, inside, [key for key, entered, _before in replaced if entered is None])
    if not replaced:
        return None
    row = ServedEntry(
        organisation=scope.organisation,
        facility=facility,
        entered_by=by,
        at_ms=work.now_ms,
        replaced=json.dumps([[*key, *numbers] for key, *numbers in replaced], default=str),
    )
    work.session.add(row)
    work.session.flush()
    return row.id


@needs(Permission.ENTER_SERVED)
def replaced_by(work: UnitOfWork, scope: Scope, given: Sequence[NewServed]) -> dict[Key, int]:
    """What is there now where these would be stored."""
    keys = {key_of(one) for one in given}
    return {key: n for key, n in _before(work, scope, list(keys)).items() if key in keys}


def _entry(work: UnitOfWork, scope: Scope, number: int) -> ServedEntry:
    wanted = select(ServedEntry).where(scope.rows(ServedEntry), ServedEntry.id == number)
    found = work.session.exec(wanted.with_for_update()).first()
    if found is None:
        raise NotFound(_("There is no such entry."))
    return found


@needs(Permission.ENTER_SERVED)
def take_back(work: UnitOfWork, scope: Scope, number: int, by: str) -> str:
    """What was there before is there again; Conflict when something is otherwise by now. Returns the facility."""
    row = _entry(work, scope, number)
    replaced = _read(row.replaced)
    now = _before(work, scope, [key for key, *_numbers in replaced])
    if row.undone_ms is not None or any(now.get(key) != entered for key, entered, _b in replaced):
        raise Conflict(_("Other numbers were entered meanwhile. Nothing was taken back."))
    back = [_said(key, before) for key, _entered, before in replaced if before is not None]
    served.enter(work, scope, back, by)
    served.withdraw(work, scope, [key for key, _entered, before in replaced if before is None])
    row.undone_ms = work.now_ms
    work.session.add(row)
    work.session.flush()
    return row.facility


def _before(work: UnitOfWork, scope: Scope, keys: Sequence[Key]) -> dict[Key, int]:
    if not keys:
        return {}
    days = [key[3] for key in keys]
    return served.numbers(work, scope, Period(min(days), max(days)))


def _said(key: Key, count: int) -> NewServed:
    facility, employee, touchpoint, day, source = key
    return NewServed(
        facility=facility,
        employee=employee or None,
        touchpoint=touchpoint or None,
        day=day,
        count=count,
        source=BaseSource(source),
    )


def _read(text: str) -> Replaced:
    rows: list[list[Any]] = json.loads(text)
    return [
        ((facility, employee, touchpoint, date.fromisoformat(day), source), entered, before)
        for facility, employee, touchpoint, day, source, entered, before in rows
    ]
