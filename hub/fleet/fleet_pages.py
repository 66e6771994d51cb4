"""The page of all terminals: one sentence, the facilities, and the list with its filter."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from contract.messages.envelope import Identifier
from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.fleet.bulk import refusals_audited
from hub.fleet.health.standings import Standing
from hub.fleet.health.troubles import Level
from hub.fleet.health.words import ADVICE, LEVELS, TONES, said
from hub.fleet.listing import views
from hub.fleet.listing.found import HOME, address, found, joined, meant, narrowed
from hub.fleet.listing.matching import LEVELS as STATES
from hub.fleet.listing.query import MOST_LETTERS
from hub.fleet.schemas import StandingModel, TaggingModel, TagsModel, TroubleModel
from hub.fleet.series_charts import check_name
from hub.fleet.several.words import DEEDS
from hub.fleet.tagging import set_tags, tag_each
from hub.identity.access import Access
from hub.identity.schemas import Line
from hub.identity.views import Visitor

Filter = Annotated[str, Query(max_length=4 * MOST_LETTERS)]
"""Longer than one may be, so that too long a one is told on the page."""


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The page, its parts when they are read again, and filters that are kept."""
    router = Router(prefix=HOME, include_in_schema=False)
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))

    def page(
        request: Request, visitor: Visitor, q: str, template: str, problem: str = ""
    ) -> HTMLResponse:
        with workplace.read() as work:
            seen = found(work, visitor.scope, q)
            kept = views.views(work, visitor.scope, visitor.account.id)
        return shown.show(
            request, template, q=q, seen=seen, views=kept, problem=problem or seen.problem, **WORDS
        )

    @router.get("")
    def fleet_page(
        request: Request, q: Filter = "", visitor: Visitor = sees_devices
    ) -> HTMLResponse:
        return page(request, visitor, q, "fleet/fleet.html")

    @router.get("/rows")
    def rows(request: Request, q: Filter = "", visitor: Visitor = sees_devices) -> HTMLResponse:
        return page(request, visitor, q, "fleet/fleet_rows.html")

    @router.get("/more")
    def one_more(
        request: Request,
        add: Annotated[str, Query(max_length=200)],
        join: Literal["and", "or", "not"] = "and",
        q: Filter = "",
        visitor: Visitor = sees_devices,
    ) -> Response:
        """The filter with one more condition."""
        try:
            return RedirectResponse(address(joined(q, join, add)), 303)
        except BadInput as problem:
            return page(request, visitor, q, "fleet/fleet.html", problem.detail)

    @router.post("/views")
    def save_view(
        name: Annotated[Line, Form()],
        q: Annotated[str, Form(max_length=MOST_LETTERS)] = "",
        visitor: Visitor = sees_devices,
    ) -> Response:
        with workplace.begin() as work:
            views.save(work, visitor.scope, visitor.account.id, name, q)
        return RedirectResponse(address(q), 303)

    @router.post("/views/{view}/delete")
    def delete_view(
        view: Annotated[int, Path(ge=1, le=2**31 - 1)], visitor: Visitor = sees_devices
    ) -> Response:
        with workplace.begin() as work:
            views.delete(work, visitor.scope, visitor.account.id, view)
        return RedirectResponse(HOME, 303)

    return router


def api(workplace: Workplace, access: Access) -> Router:
    """The same for programs, which tag terminals too."""
    router = Router(prefix="/api", tags=["fleet"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("/fleet")
    def listed(q: Filter = "", visitor: Visitor = sees_devices) -> list[StandingModel]:
        """How the terminals are that a filter means, the worst first; without one all of them."""
        with workplace.read() as work:
            return [_model(standing) for standing in meant(work, visitor.scope, q)]

    @router.put("/devices/{device}/tags", status_code=204)
    def tag(
        device: Annotated[Identifier, Path()], given: TagsModel, visitor: Visitor = manages_devices
    ) -> None:
        """These instead of the ones that the terminal had."""
        with workplace.begin() as work:
            set_tags(work, visitor.scope, device, given.tags)

    @router.post("/fleet/tags")
    def tag_several(given: TaggingModel, visitor: Visitor = manages_devices) -> list[str]:
        """Give many a tag, or take it from them; those that had it not, or had it."""
        deed = "tag" if given.given else "untag"
        with refusals_audited(workplace, visitor.scope, f"several.{deed}") as work:
            return tag_each(work, visitor.scope, given.devices, given.tag, given=given.given)

    return router


def _model(standing: Standing) -> StandingModel:
    return StandingModel(
        device=standing.device.device,
        facility=standing.device.facility,
        level=next(code for code, level in STATES.items() if level is standing.level),
        tags=sorted(standing.tags),
        troubles=[
            TroubleModel(
                check=trouble.check,
                severity=trouble.severity,
                reason=trouble.reason,
                since_ms=trouble.since_ms,
                visit=trouble.visit,
            )
            for trouble in standing.troubles
        ],
    )


def offered(levels: Sequence[Level]) -> list[tuple[str, Level]]:
    """The states that terminals are in, as a filter names them, the worst first."""
    return [(code, level) for code, level in reversed(STATES.items()) if level in levels]


WORDS: dict[str, Any] = {
    "levels": LEVELS,
    "tones": TONES,
    "advice": ADVICE,
    "said": said,
    "deeds": DEEDS,
    "check_name": check_name,
    "narrowed": narrowed,
    "address": address,
    "offered": offered,
}
