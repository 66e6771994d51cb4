"""Problems on pages: the list, and each with its cases, its action, its standard and its check."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import Code
from hub.cases.casework import workers
from hub.cases.problems import problems
from hub.cases.routes.names import names
from hub.cases.routes.problem_resources import ProblemId
from hub.cases.routes.wording import WORDS
from hub.core.errors import BadInput, Conflict, HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity.access import Access
from hub.identity.schemas import Line
from hub.identity.views import Visitor

Deed = Callable[[UnitOfWork, Scope], object]
Does = Callable[[Request, Visitor, int, Deed], Response]
Words = Annotated[str, Form(max_length=4000)]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The routes."""
    router = Router(prefix="/problems", include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_CASES))
    directs = Depends(access.may(Permission.DIRECT_CASES))

    def page(
        request: Request, visitor: Visitor, number: int, refusal: HubError | None = None
    ) -> Response:
        with workplace.read() as work:
            found = problems.problem(work, visitor.scope, number)
            known = names(work, visitor.scope)
            standards = problems.versions(work, visitor.scope, found.facility)
            staff = workers.workers(work, visitor.scope, found.facility)
            may_direct = visitor.scope.within(found.facility).may(Permission.DIRECT_CASES)
        return shown.show(
            request,
            "cases/problem.html",
            status=200 if refusal is None else refusal.status,
            problem=found,
            names=known,
            words=WORDS,
            standards=standards,
            staff=staff,
            directs=may_direct,
            refusal=refusal,
        )

    def does(request: Request, visitor: Visitor, number: int, deed: Deed) -> Response:
        try:
            with workplace.begin() as work:
                deed(work, visitor.scope)
        except (BadInput, Conflict) as refusal:
            return page(request, visitor, number, refusal)
        return RedirectResponse(f"/problems/{number}", 303)

    @router.get("")
    def problem_list(request: Request, closed: bool = False, visitor: Visitor = sees) -> Response:
        with workplace.read() as work:
            found = problems.problems(work, visitor.scope, closed=closed)
            known = names(work, visitor.scope)
        return shown.show(
            request, "cases/problems.html", problems=found, names=known, words=WORDS, closed=closed
        )

    @router.get("/{problem}")
    def problem_page(request: Request, problem: ProblemId, visitor: Visitor = sees) -> Response:
        return page(request, visitor, problem)

    @router.post("/{problem}/action")
    def plan(
        request: Request,
        *,
        problem: ProblemId,
        owner: Annotated[int, Form(ge=1, le=2**31 - 1)],
        due: Annotated[date, Form()],
        action: Words = "",
        visitor: Visitor = directs,
    ) -> Response:
        return does(
            request,
            visitor,
            problem,
            lambda w, s: problems.plan_action(w, s, problem, action, owner=owner, due=due),
        )

    @router.post("/{problem}/standard")
    def standard(
        request: Request,
        *,
        problem: ProblemId,
        standard: Annotated[Code, Form()],
        title: Annotated[Line, Form()],
        text: Words = "",
        visitor: Visitor = directs,
    ) -> Response:
        return does(
            request,
            visitor,
            problem,
            lambda w, s: problems.write_standard(w, s, problem, standard, title=title, text=text),
        )

    steps = (
        ("done", problems.finish_action),
        ("check", problems.check),
        ("close", problems.close),
    )
    for name, step in steps:
        router.include(_step(does, directs, name, step))
    return router


def _step(does: Does, directs: Any, name: str, step: Callable[..., object]) -> Router:
    """A deed that needs nothing but the problem."""
    router = Router()

    @router.post(f"/{{problem}}/{name}")
    def deed(request: Request, problem: ProblemId, visitor: Visitor = directs) -> Response:
        return does(request, visitor, problem, lambda work, scope: step(work, scope, problem))

    return router
