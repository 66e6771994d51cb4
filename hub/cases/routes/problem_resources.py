"""REST resources: problems and standards."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Path

from contract.messages.envelope import MAX_INT, Identifier
from hub.cases.problems import problems
from hub.cases.problems.problems import ProblemView
from hub.cases.routes.problem_schemas import NewAction, NewStandard, ProblemModel, StandardModel
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor

ProblemId = Annotated[int, Path(ge=1, le=MAX_INT)]


def api(workplace: Workplace, access: Access) -> Router:
    """For whoever may see cases; changed by those who direct them."""
    router = Router(prefix="/api/problems", tags=["problems"])
    sees = Depends(access.may(Permission.SEE_CASES))
    directs = Depends(access.may(Permission.DIRECT_CASES))

    @router.get("")
    def problem_list(closed: bool = False, visitor: Visitor = sees) -> list[ProblemModel]:
        with workplace.read() as work:
            return [model(p) for p in problems.problems(work, visitor.scope, closed=closed)]

    @router.get("/standards/{facility}", response_model=list[StandardModel])
    def standards(facility: Identifier, visitor: Visitor = sees) -> Any:
        """Every version, the newest first."""
        with workplace.read() as work:
            return problems.versions(work, visitor.scope, facility)

    @router.get("/{problem}")
    def problem(problem: ProblemId, visitor: Visitor = sees) -> ProblemModel:
        with workplace.read() as work:
            return model(problems.problem(work, visitor.scope, problem))

    @router.post("/{problem}/action")
    def plan(problem: ProblemId, given: NewAction, visitor: Visitor = directs) -> ProblemModel:
        """What is to be done, by whom and when."""
        with workplace.begin() as work:
            planned = problems.plan_action(
                work, visitor.scope, problem, given.action, owner=given.owner, due=given.due
            )
        return model(planned)

    @router.post("/{problem}/done")
    def finish(problem: ProblemId, visitor: Visitor = directs) -> ProblemModel:
        """The action was taken."""
        with workplace.begin() as work:
            return model(problems.finish_action(work, visitor.scope, problem))

    @router.post("/{problem}/standard", status_code=201, response_model=StandardModel)
    def standard(problem: ProblemId, given: NewStandard, visitor: Visitor = directs) -> Any:
        """The next version of a standard."""
        with workplace.begin() as work:
            return problems.write_standard(
                work, visitor.scope, problem, given.standard, title=given.title, text=given.text
            )

    @router.post("/{problem}/check")
    def check(problem: ProblemId, visitor: Visitor = directs) -> ProblemModel:
        """Rates before and after; 409 until there is enough to compare."""
        with workplace.begin() as work:
            problems.check(work, visitor.scope, problem)
            return model(problems.problem(work, visitor.scope, problem))

    @router.post("/{problem}/close")
    def close(problem: ProblemId, visitor: Visitor = directs) -> ProblemModel:
        """409 before its effect was checked."""
        with workplace.begin() as work:
            return model(problems.close(work, visitor.scope, problem))

    return router


def model(problem: ProblemView) -> ProblemModel:
    """As a program reads it."""
    return ProblemModel.model_validate(asdict(problem))
