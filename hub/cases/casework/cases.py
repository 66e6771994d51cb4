"""One case as others see it, and finding it within a scope."""

from dataclasses import dataclass

from sqlmodel import col, select

from hub.cases.casework import person, story
from hub.cases.casework.person import Person
from hub.cases.casework.statuses import Progress, Status, followers
from hub.cases.casework.story import Chapter
from hub.cases.tables import CaseHelper, PatientCase
from hub.core.errors import NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork

STEPS = ("called", "qualified", "commented", "assigned", "controlled", "informed")
"""The checklist; the place of each is its bit."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """Nothing personal: a case as it may stand in a list or a file."""

    id: int
    facility: str
    source: str
    status: Status
    label: str | None
    urgent: bool
    waiting_ms: int | None
    merged_into: int | None
    reopened: int
    touchpoint: str | None
    employee: str | None
    question: str | None
    value: str | None
    score: int | None
    answer: int | None
    visit: str
    language: str | None
    topic: str | None
    subtopic: str | None
    topic_sure: bool
    responsible: int | None
    steps: tuple[str, ...]
    opened_ms: int
    occurred_ms: int
    changed_ms: int
    closed_ms: int | None
    next_score: int | None
    due_ms: int | None
    due: str
    version: int


@dataclass(frozen=True, slots=True)
class WholeCase:
    """A case with its story; `person` is masked, or empty for whoever is complained about."""

    case: CaseView
    person: Person
    hidden: bool
    helpers: tuple[int, ...]
    followers: tuple[Status, ...]
    story: tuple[Chapter, ...]
    duplicates: tuple[int, ...]


def found(work: UnitOfWork, scope: Scope, case_id: int, *, lock: bool = False) -> PatientCase:
    """The row, if it is in the scope; NotFound."""
    wanted = select(PatientCase).where(scope.rows(PatientCase), PatientCase.id == case_id)
    row = work.session.exec(wanted.with_for_update() if lock else wanted).first()
    if row is None:
        raise NotFound(_("There is no such case."))
    return row


@needs(Permission.SEE_CASES)
def case(work: UnitOfWork, scope: Scope, case_id: int) -> CaseView:
    """One case; NotFound."""
    return view(found(work, scope, case_id))


@needs(Permission.SEE_CASES)
def whole_case(work: UnitOfWork, scope: Scope, case_id: int) -> WholeCase:
    """A case with all that happened to it; that somebody looked is audited."""
    row = found(work, scope, case_id)
    work.audit.record(scope, "case.read", f"case/{case_id}", facility=row.facility)
    return WholeCase(
        view(row),
        person.shown(work, scope, row),
        person.hidden_from(work, scope, row),
        helpers(work, scope, case_id),
        tuple(followers(progress_of(row))),
        tuple(story.chapters(work, scope, case_id)),
        _duplicates(work, scope, case_id),
    )


@needs(Permission.SEE_TELEPHONES)
def person_of(work: UnitOfWork, scope: Scope, case_id: int) -> Person:
    """Who complained and how to reach them, in full and audited; Forbidden for whoever is complained about."""
    return person.revealed(work, scope, found(work, scope, case_id))


def helpers(work: UnitOfWork, scope: Scope, case_id: int) -> tuple[int, ...]:
    """Accounts of those who help whoever is responsible."""
    wanted = select(CaseHelper.account).where(scope.rows(CaseHelper), CaseHelper.case_id == case_id)
    return tuple(sorted(work.session.exec(wanted)))


def take_step(row: PatientCase, step: str) -> None:
    """Tick one of the checklist."""
    row.steps |= 1 << STEPS.index(step)


def progress_of(row: PatientCase) -> Progress:
    """What of it decides what may come next."""
    before = Status(row.before_merge) if row.before_merge else None
    return Progress(Status(row.status), row.informed, row.unreachable, row.labour_entries, before)


def keep_progress(row: PatientCase, progress: Progress) -> None:
    """The other way round."""
    row.status = progress.status
    row.informed = progress.informed
    row.unreachable = progress.unreachable
    row.labour_entries = progress.labour_entries
    row.before_merge = progress.before_merge


def view(row: PatientCase) -> CaseView:
    """Without what is personal."""
    same = {name: getattr(row, name) for name in CaseView.__dataclass_fields__ if name not in _OWN}
    steps = tuple(step for place, step in enumerate(STEPS) if row.steps >> place & 1)
    return CaseView(status=Status(row.status), steps=steps, **same)


_OWN = {"status", "steps"}


def _duplicates(work: UnitOfWork, scope: Scope, case_id: int) -> tuple[int, ...]:
    wanted = select(PatientCase.id).where(
        scope.rows(PatientCase), col(PatientCase.merged_into) == case_id
    )
    return tuple(number for number in work.session.exec(wanted) if number is not None)
