"""REST resources: what is done with cases. Every change of status says how much work it took, or is refused (422)."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fastapi import Depends

from hub.cases.calling import attempts
from hub.cases.calling.planning import Wish
from hub.cases.casework import assigning, cases, comments, moving, opening, understanding
from hub.cases.casework.moving import Labour, Move
from hub.cases.casework.opening import Complaint, Source
from hub.cases.casework.person import Person
from hub.cases.labour import entries
from hub.cases.receipts import receipts
from hub.cases.routes.case_resources import CaseId, model
from hub.cases.routes.schemas import (
    Assignment,
    BulkChanges,
    CallMade,
    CaseModel,
    Merging,
    NewCase,
    NewComment,
    NewTimer,
    NumberModel,
    StatusChange,
    Topics,
    Waiting,
    WithLabour,
)
from hub.core.http_routes import Router
from hub.core.objects import ObjectFolder
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor


def api(workplace: Workplace, access: Access, files: ObjectFolder, address: str) -> Router:
    """For whoever handles cases."""
    router = Router(prefix="/api/cases", tags=["cases"])
    handles = Depends(access.may(Permission.HANDLE_CASES))
    directs = Depends(access.may(Permission.DIRECT_CASES))

    @router.post("", status_code=201)
    def open_case(given: NewCase, visitor: Visitor = handles) -> NumberModel:
        """A complaint that somebody of the staff was told of."""
        with workplace.begin() as work:
            occurred_ms = work.now_ms if given.occurred_ms is None else given.occurred_ms
            number = opening.open_by_hand(work, visitor.scope, complaint_of(given, occurred_ms))
        return NumberModel(id=number)

    @router.post("/status")
    def change_many(given: BulkChanges, visitor: Visitor = handles) -> list[CaseModel]:
        """Several changes, all or none."""
        moves = [_move(change.case, change) for change in given.changes]
        with workplace.begin() as work:
            return [model(case) for case in moving.change_many(work, visitor.scope, moves)]

    @router.post("/timer/stop")
    def stop_timer(visitor: Visitor = handles) -> NumberModel:
        """What one's clock measured is recorded; returns the minutes."""
        with workplace.begin() as work:
            return NumberModel(id=entries.stop_timer(work, visitor.scope).minutes)

    @router.post("/{case}/status")
    def change_status(case: CaseId, given: StatusChange, visitor: Visitor = handles) -> CaseModel:
        """409 says why it may not follow."""
        with workplace.begin() as work:
            return model(moving.change_status(work, visitor.scope, _move(case, given)))

    @router.post("/{case}/merge")
    def merge(case: CaseId, given: Merging, visitor: Visitor = handles) -> CaseModel:
        """Into the case that stays; `part` takes it back."""
        labour = Labour(given.minutes, given.activity)
        with workplace.begin() as work:
            return model(moving.merge(work, visitor.scope, case, given.into, labour))

    @router.post("/{case}/part")
    def part(case: CaseId, given: WithLabour, visitor: Visitor = handles) -> CaseModel:
        """A case of its own again."""
        labour = Labour(given.minutes, given.activity)
        with workplace.begin() as work:
            return model(moving.part(work, visitor.scope, case, labour))

    router.include(_care(workplace, handles, directs))
    router.include(_talk(workplace, handles, files, address))
    return router


def _care(workplace: Workplace, handles: Any, directs: Any) -> Router:
    """Whose turn it is, whose case, and what it is about."""
    router = Router()

    @router.post("/{case}/waiting")
    def wait(case: CaseId, given: Waiting, visitor: Visitor = handles) -> CaseModel:
        """Whether it is the patient's turn: only then the clocks stand still."""
        with workplace.begin() as work:
            return model(moving.wait_for_patient(work, visitor.scope, case, given.waiting))

    @router.post("/{case}/assignment")
    def assign(case: CaseId, given: Assignment, visitor: Visitor = handles) -> CaseModel:
        """To one responsible and helpers."""
        with workplace.begin() as work:
            return model(
                assigning.assign(work, visitor.scope, case, given.responsible, given.helpers)
            )

    @router.post("/{case}/control")
    def control(case: CaseId, visitor: Visitor = directs) -> CaseModel:
        """What was done has been looked at."""
        with workplace.begin() as work:
            return model(moving.control(work, visitor.scope, case))

    @router.post("/{case}/topic")
    def topic(case: CaseId, given: Topics, visitor: Visitor = handles) -> CaseModel:
        """What it is about; learned from."""
        with workplace.begin() as work:
            return model(
                understanding.choose_topic(work, visitor.scope, case, given.topic, given.subtopic)
            )

    return router


def _talk(workplace: Workplace, handles: Any, files: ObjectFolder, address: str) -> Router:
    """Comments, calls, the clock of whoever works, and the receipt."""
    router = Router()

    @router.post("/{case}/comments", status_code=201)
    def comment(case: CaseId, given: NewComment, visitor: Visitor = handles) -> NumberModel:
        """For colleagues, or for the patient's receipt."""
        with workplace.begin() as work:
            number = comments.comment(
                work, visitor.scope, case, given.text, given.audience, folder=files
            )
        return NumberModel(id=number)

    @router.post("/{case}/calls", status_code=204)
    def log_call(case: CaseId, given: CallMade, visitor: Visitor = handles) -> None:
        """What came of a call that was made now."""
        with workplace.begin() as work:
            wish = _wish(given.wish_ms)
            attempts.log_call(work, visitor.scope, case, given.outcome, wish=wish, note=given.note)

    @router.post("/{case}/timer", status_code=204)
    def start_timer(case: CaseId, given: NewTimer, visitor: Visitor = handles) -> None:
        """One's clock runs on this case from now on."""
        with workplace.begin() as work:
            facility = cases.case(work, visitor.scope, case).facility
            entries.start_timer(work, visitor.scope, case, facility, given.activity)

    @router.post("/{case}/receipt", status_code=204)
    def send_receipt(case: CaseId, visitor: Visitor = handles) -> None:
        """The code of the patient's receipt, by SMS."""
        with workplace.begin() as work:
            receipts.send_code(work, visitor.scope, case, address)

    return router


def complaint_of(given: NewCase, occurred_ms: int, source: Source = Source.BY_HAND) -> Complaint:
    """What somebody was told, as a case is opened with it."""
    told = Person(given.phone, given.email, given.name, given.words, given.may_mail)
    return Complaint(
        facility=given.facility,
        source=source,
        origin=f"{source.value}/{uuid4()}",
        person=told,
        occurred_ms=occurred_ms,
        touchpoint=given.touchpoint,
        employee=given.employee,
        language=given.language,
        urgent=given.urgent,
    )


def _move(case: int, given: StatusChange) -> Move:
    labour = Labour(given.minutes, given.activity)
    return Move(case, given.to, labour, given.label, given.note, given.version)


def _wish(wish_ms: int | None) -> Wish | None:
    return None if wish_ms is None else Wish(at=datetime.fromtimestamp(wish_ms / 1000, UTC))
