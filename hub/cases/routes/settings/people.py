"""Who takes cases, what they know, of what they are told, and who acts for them: the pages of it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from contract.messages.envelope import Identifier
from hub.cases.casework import workers
from hub.cases.casework.workers import Reach, Worker
from hub.cases.routes.case_resources import worker_of
from hub.cases.routes.schemas import WorkerModel
from hub.cases.routes.settings.frame import HOME, FacilityId, Frame, back
from hub.core.errors import NotFound
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity.access import Access
from hub.identity.entry_pages import FormFields
from hub.identity.place_words import language_names
from hub.identity.views import Visitor

AccountId = Annotated[int, Path(ge=1, le=2**31 - 1)]


def pages(frame: Frame, access: Access) -> Router:
    """The routes."""
    router = Router(prefix=f"{HOME}/people", include_in_schema=False)
    directs = Depends(access.may(Permission.DIRECT_CASES))

    @router.get("")
    def people(
        request: Request,
        facility: Annotated[Identifier | None, Query()] = None,
        visitor: Visitor = directs,
    ) -> Response:
        return frame.page(request, visitor, "people", _all, facility=facility)

    @router.get("/{facility}/{account}")
    def person(
        request: Request, facility: FacilityId, account: AccountId, visitor: Visitor = directs
    ) -> Response:
        return frame.page(
            request, visitor, "people", _reader(account), facility=facility, part="person"
        )

    @router.post("/{facility}/{account}")
    def save(
        request: Request,
        facility: FacilityId,
        account: AccountId,
        form: FormFields,
        visitor: Visitor = directs,
    ) -> Response:
        given = _typed(form)

        def deed(work: UnitOfWork, scope: Scope) -> None:
            known = _found(work, scope, facility, account)
            of = known.facility if scope.facilities is None else facility
            told = WorkerModel.model_validate(_told(given) | {"facility": of})
            workers.describe(work, scope, worker_of(account, told), Reach(told.email, told.phone))

        refusal = frame.refusal(visitor, deed)
        if refusal is None:
            return back("people", facility, done="saved")
        return frame.page(
            request,
            visitor,
            "people",
            _reader(account),
            facility=facility,
            part="person",
            refusal=refusal,
            given={"given": given},
        )

    return router


def _all(work: UnitOfWork, scope: Scope, facility: str) -> Mapping[str, Any]:
    found = workers.workers(work, scope, facility)
    return {
        "people": found,
        "present": workers.present(work, scope, facility, found),
        "in_hand": workers.in_hand(work, scope.within(facility)),
        "spoken": language_names(),
    }


def _reader(account: int) -> Any:
    def read(work: UnitOfWork, scope: Scope, facility: str) -> Mapping[str, Any]:
        known = _found(work, scope, facility, account)
        reach = workers.reach_to_change(work, scope, known)
        away = known.absence
        given = asdict(known) | {"email": reach.email, "phone": reach.phone}
        given |= {"away_from": away.first, "away_until": away.last, "deputy": away.deputy}
        others = [w for w in workers.workers(work, scope, facility) if w.account != account]
        return {"known": known, "given": given, "others": others, "spoken": language_names()}

    return read


def _found(work: UnitOfWork, scope: Scope, facility: str, account: int) -> Worker:
    for worker in workers.workers(work, scope, facility):
        if worker.account == account:
            return worker
    raise NotFound(_("There is nobody of this number who handles cases there."))


def _typed(form: FormData) -> dict[str, Any]:
    """What stands in the form's fields, right or wrong."""
    said = {name: str(value).strip() for name, value in form.items()}
    several = {
        name: [str(value) for value in form.getlist(name)] for name in ("languages", "topics")
    }
    ticked = {name: name in said for name in ("takes_cases", "on_duty")}
    return dict.fromkeys(WorkerModel.model_fields, "") | said | several | ticked


def _told(given: Mapping[str, Any]) -> dict[str, Any]:
    """As a program would say it: what is left empty is not said."""
    known = {name: given.get(name) for name in WorkerModel.model_fields}
    return {name: value for name, value in known.items() if value not in ("", None)}
