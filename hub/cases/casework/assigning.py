"""Who looks into a case: one is responsible, others help. Never whoever is complained about."""

from collections.abc import Collection
from dataclasses import replace

from sqlmodel import col, delete, select

from hub.cases.casework import cases, story, workers
from hub.cases.casework.cases import CaseView, take_step
from hub.cases.casework.suggesting import Candidate, Proposal, is_conflicted, proposals
from hub.cases.casework.workers import Worker
from hub.cases.events import ColleaguesConcerned
from hub.cases.tables import CaseHelper, PatientCase
from hub.core.errors import BadInput, Conflict
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs, require
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity.colleagues import account_of


@needs(Permission.HANDLE_CASES)
def suggestions(work: UnitOfWork, scope: Scope, case_id: int) -> list[Proposal]:
    """Who should look into it, best first, and why."""
    row = cases.found(work, scope, case_id)
    load = workers.in_hand(work, scope)
    before = _handled_before(work, scope, row)
    candidates = [
        replace(
            _candidate(worker),
            in_hand=load.get(worker.account, 0),
            spoke_before=worker.account in before,
        )
        for worker in _available(work, scope, row.facility)
    ]
    return proposals(
        candidates, topic=row.topic, language=row.language, complained_about=row.employee
    )


@needs(Permission.HANDLE_CASES)
def assign(
    work: UnitOfWork,
    scope: Scope,
    case_id: int,
    responsible: int | None,
    helping: Collection[int] = (),
) -> CaseView:
    """To one responsible and helpers. Whoever handles cases may take one; giving it to others needs more.

    BadInput for somebody who does not handle this facility's cases, Conflict for the one complained about and for
    whoever is away and does not have the case yet.
    """
    row = cases.found(work, scope, case_id, lock=True)
    before = {row.responsible, *cases.helpers(work, scope, case_id)}
    people = workers.workers(work, scope, row.facility)
    known = {worker.account: worker for worker in people if worker.takes_cases}
    present = workers.present(work, scope, row.facility, people)
    if responsible != account_of(scope) or helping:
        require(scope.within(row.facility), Permission.DIRECT_CASES)
    chosen = [
        *([] if responsible is None else [responsible]),
        *sorted(set(helping) - {responsible}),
    ]
    for account in chosen:
        _check(known, account, row)
        if account not in before:
            _check_present(known[account], present.get(account))
    row.responsible = responsible
    work.session.exec(
        delete(CaseHelper).where(scope.rows(CaseHelper), col(CaseHelper.case_id) == case_id)
    )
    place = {"organisation": row.organisation, "facility": row.facility}
    work.session.add_all(
        [CaseHelper(case_id=case_id, account=a, **place) for a in chosen if a != responsible]
    )
    if responsible is not None:
        take_step(row, "assigned")
    story.tell(work, scope, row, "assigned", responsible=responsible or 0, helpers=len(chosen) - 1)
    asked = frozenset(chosen) - before - {account_of(scope)}
    if asked:
        place_of = (row.organisation, row.facility, case_id)
        work.tell(ColleaguesConcerned(*place_of, asked, "assigned"))
    return cases.view(row)


def _check(known: dict[int, Worker], account: int, row: PatientCase) -> None:
    if account not in known:
        raise BadInput("responsible", _("This person does not handle cases of this facility."))
    if is_conflicted(known[account].employee, row.employee):
        raise Conflict(
            _("The complaint concerns this person. Somebody else must look into it."),
            field="responsible",
        )


def _check_present(worker: Worker, acts: Worker | None) -> None:
    if acts is None:
        raise Conflict(_("%(name)s is away.") % {"name": worker.name}, field="responsible")
    if acts.account != worker.account:
        raise Conflict(
            _("%(name)s is away; %(deputy)s acts for them.")
            % {"name": worker.name, "deputy": acts.name},
            field="responsible",
        )


def _available(work: UnitOfWork, scope: Scope, facility: str) -> list[Worker]:
    """Whoever takes cases and is here today."""
    people = workers.workers(work, scope, facility)
    present = workers.present(work, scope, facility, people)
    return [one for one in people if one.takes_cases and present.get(one.account) == one]


def _candidate(worker: Worker) -> Candidate:
    return Candidate(
        worker.account, worker.name, worker.languages, worker.topics, employee=worker.employee
    )


def _handled_before(work: UnitOfWork, scope: Scope, row: PatientCase) -> set[int]:
    """Who was responsible for other cases of the same person."""
    if row.person is None:
        return set()
    wanted = select(PatientCase.responsible).where(
        scope.rows(PatientCase), col(PatientCase.person) == row.person, PatientCase.id != row.id
    )
    return {account for account in work.session.exec(wanted) if account is not None}
