"""REST resources: cases to be read, and how a facility works."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Path, Query

from contract.messages.envelope import MAX_INT, Code, Identifier
from hub.cases.calling import attempts
from hub.cases.casework import assigning, cases, listing, workers
from hub.cases.casework.absence import Absence
from hub.cases.casework.cases import CaseView
from hub.cases.casework.listing import Sought
from hub.cases.casework.statuses import Status
from hub.cases.casework.workers import Reach, Worker
from hub.cases.deadlines import calendars, running
from hub.cases.deadlines.calendars import Terms
from hub.cases.labour import entries
from hub.cases.routes.schemas import (
    AttemptModel,
    CalendarModel,
    CandidateModel,
    CaseList,
    CaseModel,
    DeadlineModel,
    LabelModel,
    LabourModel,
    PersonModel,
    WholeCaseModel,
    WorkerModel,
)
from hub.core.hours.working_time import Calendar
from hub.core.http_routes import Router
from hub.core.paging import BeforeNumber
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor

CaseId = Annotated[int, Path(ge=1, le=MAX_INT)]
AccountId = Annotated[int, Path(ge=1, le=2**31 - 1)]


def api(workplace: Workplace, access: Access) -> Router:
    """For whoever may see cases, and for those who direct them."""
    router = Router(prefix="/api/cases", tags=["cases"])
    sees = Depends(access.may(Permission.SEE_CASES))
    handles = Depends(access.may(Permission.HANDLE_CASES))
    reads_telephones = Depends(access.may(Permission.SEE_TELEPHONES))
    directs = Depends(access.may(Permission.DIRECT_CASES))

    @router.get("")
    def case_list(
        status: Annotated[list[Status] | None, Query(max_length=10)] = None,
        *,
        topic: Code | None = None,
        touchpoint: Code | None = None,
        employee: Code | None = None,
        facility: Identifier | None = None,
        responsible: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
        overdue: bool = False,
        search: Annotated[str, Query(max_length=200)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        before: BeforeNumber = None,
        visitor: Visitor = sees,
    ) -> CaseList:
        """The newest first. `search` takes words, a number of a case or a telephone."""
        sought = Sought(
            statuses=tuple(status or ()),
            topic=topic,
            touchpoint=touchpoint,
            employee=employee,
            facility=facility,
            responsible=responsible,
            overdue=overdue,
            text=search,
        )
        with workplace.read() as work:
            found = listing.found(work, visitor.scope, sought, limit, before)
        return CaseList(cases=[model(case) for case in found.cases], more=found.more)

    @router.get("/{case}")
    def whole_case(case: CaseId, visitor: Visitor = sees) -> WholeCaseModel:
        """A case and its story; that it was read is audited."""
        with workplace.begin() as work:
            whole = cases.whole_case(work, visitor.scope, case)
        told = asdict(whole.person) | {"hidden": whole.hidden, "helpers": list(whole.helpers)}
        return WholeCaseModel(
            case=model(whole.case),
            followers=list(whole.followers),
            story=[asdict(chapter) for chapter in whole.story],
            duplicates=list(whole.duplicates),
            **told,
        )

    @router.get("/{case}/person")
    def person(case: CaseId, visitor: Visitor = reads_telephones) -> PersonModel:
        """Who complained and how to reach them, in full; audited."""
        with workplace.begin() as work:
            return PersonModel.model_validate(asdict(cases.person_of(work, visitor.scope, case)))

    @router.get("/{case}/suggestions")
    def suggestions(case: CaseId, visitor: Visitor = handles) -> list[CandidateModel]:
        """Who should look into it, best first, and why."""
        with workplace.read() as work:
            found = assigning.suggestions(work, visitor.scope, case)
        return [
            CandidateModel(
                account=one.candidate.account,
                name=one.candidate.name,
                score=one.score,
                in_hand=one.candidate.in_hand,
                reasons=list(one.reasons),
            )
            for one in found
        ]

    @router.get("/{case}/calls", response_model=list[AttemptModel])
    def calls(case: CaseId, visitor: Visitor = sees) -> Any:
        """Calls made, then those planned."""
        with workplace.read() as work:
            cases.case(work, visitor.scope, case)
            return attempts.attempts(work, visitor.scope, case)

    @router.get("/{case}/labour", response_model=list[LabourModel])
    def labour(case: CaseId, visitor: Visitor = sees) -> Any:
        with workplace.read() as work:
            cases.case(work, visitor.scope, case)
            return entries.entries(work, visitor.scope, case)

    @router.get("/{case}/deadlines", response_model=list[DeadlineModel])
    def deadlines(case: CaseId, visitor: Visitor = sees) -> Any:
        with workplace.read() as work:
            cases.case(work, visitor.scope, case)
            return running.deadlines(work, visitor.scope, case)

    router.include(_settings(workplace, directs))
    return router


def _settings(workplace: Workplace, directs: Any) -> Router:
    """How a facility works, and who handles its cases."""
    router = Router()

    @router.put("/calendars/{facility}", status_code=204)
    def set_calendar(
        facility: Identifier, given: CalendarModel, visitor: Visitor = directs
    ) -> None:
        """When the facility works, and how much time it gives itself."""
        with workplace.begin() as work:
            calendars.set_calendar(work, visitor.scope, facility, *calendar_and_terms(given))

    @router.put("/workers/{account}", status_code=204)
    def describe(account: AccountId, given: WorkerModel, visitor: Visitor = directs) -> None:
        """Say who somebody is, what they know, and of what they are told."""
        worker = worker_of(account, given)
        with workplace.begin() as work:
            workers.describe(work, visitor.scope, worker, Reach(given.email, given.phone))

    @router.put("/labels/{facility}/{label}", status_code=204)
    def set_label(
        facility: Identifier, label: Code, given: LabelModel, visitor: Visitor = directs
    ) -> None:
        """One of the organisation's own words for a status."""
        with workplace.begin() as work:
            listing.set_label(
                work,
                visitor.scope,
                facility,
                label,
                name=given.name,
                status=given.status,
                active=given.active,
            )

    return router


def calendar_and_terms(given: CalendarModel) -> tuple[Calendar, Terms]:
    """As the service takes them; the time zone is the facility's own, whatever stands here."""
    calendar = Calendar(given.hours, "UTC", given.country, given.region, tuple(given.closed))
    by_topic = {topic.value: days for topic, days in given.by_topic.items()}
    terms = Terms(given.first_call_minutes, given.investigation_days, given.urgent_days, by_topic)
    return calendar, terms


def worker_of(account: int, given: WorkerModel) -> Worker:
    """What was said of somebody of the staff."""
    return Worker(
        account,
        given.facility,
        given.name,
        frozenset(given.languages),
        frozenset(topic.value for topic in given.topics),
        given.employee,
        given.rank,
        given.on_duty,
        given.takes_cases,
        Absence(given.away_from, given.away_until, given.deputy),
    )


def model(case: CaseView) -> CaseModel:
    """As a program reads it."""
    return CaseModel.model_validate(asdict(case))
