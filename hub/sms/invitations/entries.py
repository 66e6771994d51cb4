"""Pure: one row of a table of patients, checked; everything wrong with it is told at once."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hub.core.row_problems import RowProblem
from hub.core.texts import gettext as _
from hub.sms.invitations.columns import Column
from hub.sms.people.numbers import NoTelephone, is_zone, mobile, zone_of

LONGEST_AGO_MS = 400 * 86_400_000
_FORMS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y")
_NOON = 12
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Known:
    """What a row is checked against."""

    region: str
    zone: str
    now_ms: int
    languages: Collection[str]
    employees: Collection[str]
    touchpoints: Collection[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A patient to be asked; the line is where it stands."""

    line: int
    telephone: str
    time_zone: str
    happened_ms: int
    patient: str = ""
    name: str = ""
    language: str = ""
    employee: str = ""
    touchpoint: str = ""
    stratum: str = ""

    @property
    def same(self) -> tuple[str, str]:
        """Equal for rows of one patient."""
        return ("patient", self.patient) if self.patient else ("telephone", self.telephone)


def entry_of(line: int, cells: Mapping[Column, str], known: Known) -> Entry | list[RowProblem]:
    """The row as it can be used, or everything that is wrong with it."""
    problems: list[RowProblem] = []
    told: dict[str, str] = {}
    for column, value in cells.items():
        detail = _wrong(column, value, known)
        if detail:
            problems.append(RowProblem(line, column, detail))
        told[column] = value
    if not told.get(Column.TELEPHONE):
        problems.append(RowProblem(line, Column.TELEPHONE, _("There is no telephone.")))
    if problems:
        return problems
    telephone = mobile(told.pop(Column.TELEPHONE), known.region)
    zone = told.pop(Column.TIME_ZONE, "") or zone_of(telephone, known.zone)
    happened = told.pop(Column.HAPPENED, "")
    when = moment_of(happened, ZoneInfo(known.zone)) if happened else known.now_ms
    told[Column.LANGUAGE] = told.get(Column.LANGUAGE, "").lower()
    return Entry(line, telephone, zone, when or known.now_ms, **told)


def repeated(entries: list[Entry]) -> Iterator[RowProblem]:
    """Rows of patients who have one already."""
    first: dict[tuple[str, str], int] = {}
    for entry in entries:
        line = first.setdefault(entry.same, entry.line)
        if line != entry.line:
            detail = _("This patient is in line {line} already.").format(line=line)
            yield RowProblem(
                entry.line, Column.PATIENT if entry.patient else Column.TELEPHONE, detail
            )


def moment_of(written: str, zone: ZoneInfo) -> int | None:
    """A date, with or without the hour, as ISO 8601 or as clinics write it; noon where there is no hour."""
    read = _read(written)
    if read is None:
        return None
    if len(written) <= len("2026-01-31"):
        read = read.replace(hour=_NOON)
    aware = read if read.tzinfo else read.replace(tzinfo=zone)
    try:
        return int(aware.astimezone(UTC).timestamp() * 1000)
    except OverflowError:  # at the end of all calendars
        return None


def _read(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        pass
    for form in _FORMS:
        try:
            return datetime.strptime(written, form)  # noqa: DTZ007 - the zone is the facility's
        except ValueError:
            continue
    return None


def _wrong(column: Column, value: str, known: Known) -> str | None:
    """Why a cell cannot be right, or None."""
    if _CONTROL.search(value):
        return _("There are signs here that cannot be read.")
    judge = _JUDGES.get(column)
    return judge(value, known) if judge else None


def _wrong_language(value: str, known: Known) -> str | None:
    if value.lower() in known.languages:
        return None
    return _("There are only {known}.").format(known=", ".join(sorted(known.languages)))


def _wrong_employee(value: str, known: Known) -> str | None:
    return None if value in known.employees else _("There is no such employee.")


def _wrong_touchpoint(value: str, known: Known) -> str | None:
    return None if value in known.touchpoints else _("There is no such touchpoint.")


def _wrong_zone(value: str, _known: Known) -> str | None:
    return None if is_zone(value) else _("This is not a time zone such as Europe/Madrid.")


def _wrong_telephone(value: str, known: Known) -> str | None:
    try:
        mobile(value, known.region)
    except NoTelephone:
        return _("This is not a telephone that receives SMS.")
    return None


def _wrong_moment(value: str, known: Known) -> str | None:
    moment = moment_of(value, ZoneInfo(known.zone))
    if moment is None:
        return _("This is not a date such as 2026-01-31 or 31/01/2026 16:30.")
    if not known.now_ms - LONGEST_AGO_MS < moment < known.now_ms + LONGEST_AGO_MS:
        return _("This date is more than a year away.")
    return None


_JUDGES: Mapping[Column, Callable[[str, Known], str | None]] = {
    Column.TELEPHONE: _wrong_telephone,
    Column.HAPPENED: _wrong_moment,
    Column.LANGUAGE: _wrong_language,
    Column.EMPLOYEE: _wrong_employee,
    Column.TOUCHPOINT: _wrong_touchpoint,
    Column.TIME_ZONE: _wrong_zone,
}
