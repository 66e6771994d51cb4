"""The pages of rollouts: all of them, one as it goes on, the form that begins one, and the hours of facilities."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import Identifier
from hub.core.errors import BadInput, HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet import service as fleet
from hub.fleet.repository.repository import Repository
from hub.fleet.rollouts import maintenance, service, steering, words
from hub.fleet.rollouts.form import BadForm, RolloutForm, read_form
from hub.fleet.rollouts.routes import ACTS, Act, Number, RolloutId, begin, steer
from hub.fleet.rollouts.schemas import DayWindow
from hub.identity.access import Access
from hub.identity.service import facilities
from hub.identity.views import Visitor

HOME = "/fleet/rollouts"
HOURS = "/fleet/hours"
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})
WORDS: dict[str, Any] = {
    name: getattr(words, name.upper())
    for name in ("states", "tones", "standings", "standing_tones", "reasons", "pauses", "events")
}


def pages(workplace: Workplace, access: Access, repository: Repository, shown: Pages) -> Router:
    """Seen by whoever may see devices; begun and steered by whoever manages them."""
    router = Router(include_in_schema=False)
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get(HOME)
    def index(request: Request, visitor: Visitor = sees_devices) -> Response:
        with workplace.read() as work:
            found = service.rollouts(work, visitor.scope)
        return shown.show(
            request, "fleet/rollouts.html", rollouts=found, releases=repository.releases(), **WORDS
        )

    router.include(_new(workplace, repository, shown, manages_devices))

    @router.get(HOME + "/{rollout}")
    def one(request: Request, rollout: RolloutId, visitor: Visitor = sees_devices) -> Response:
        return shown.show(request, "fleet/rollout.html", **_one(workplace, visitor, rollout))

    @router.get(HOME + "/{rollout}/progress")
    def part(request: Request, rollout: RolloutId, visitor: Visitor = sees_devices) -> Response:
        found = _one(workplace, visitor, rollout)
        return shown.show(request, "fleet/rollout_progress.html", **found)

    @router.post(HOME + "/{rollout}/groups/{number}/{what}")
    def act_on_group(
        rollout: RolloutId, number: Number, what: str, visitor: Visitor = manages_devices
    ) -> Response:
        scope = visitor.scope
        acts: dict[str, Callable[..., Any]] = {
            "approve": lambda work, by: steering.approve(work, scope, rollout, number, by),
            "return": lambda work, by: steering.return_group(
                work, scope, rollout, number, by=by, find=repository.find
            ),
        }
        if what not in acts:
            raise BadInput("what", _("This cannot be done to a step of a rollout."))
        steer(workplace, visitor, what, acts[what])
        return RedirectResponse(f"{HOME}/{rollout}", 303)

    @router.post(HOME + "/{rollout}/{act}")
    def do(rollout: RolloutId, act: Act, visitor: Visitor = manages_devices) -> Response:
        steer(workplace, visitor, act, lambda work, by: ACTS[act](work, visitor.scope, rollout, by))
        return RedirectResponse(f"{HOME}/{rollout}", 303)

    router.include(_hours(workplace, shown, sees_devices, manages_devices))
    return router


def _new(
    workplace: Workplace, repository: Repository, shown: Pages, manages_devices: Any
) -> Router:
    router = Router()

    def page(
        request: Request,
        visitor: Visitor,
        form: RolloutForm,
        problems: Mapping[str, str] = NO_PROBLEMS,
    ) -> Response:
        with workplace.read() as work:
            devices = fleet.devices(work, visitor.scope)
            places = facilities(work, visitor.scope)
        return shown.show(
            request,
            "fleet/rollout_new.html",
            status=422 if problems else 200,
            form=form,
            problems=problems,
            devices=devices,
            places=places,
            releases=repository.releases(),
        )

    @router.get(HOME + "/new")
    def new(request: Request, visitor: Visitor = manages_devices) -> Response:
        return page(request, visitor, RolloutForm())

    @router.post(HOME + "/new")
    def create(
        request: Request, form: Annotated[RolloutForm, Form()], visitor: Visitor = manages_devices
    ) -> Response:
        with workplace.read() as work:
            devices = fleet.devices(work, visitor.scope)
        try:
            name = begin(workplace, repository, visitor, read_form(form, devices))
        except BadForm as bad:
            return page(request, visitor, form, bad.problems)
        except HubError as error:
            return page(request, visitor, form, {error.field or "": error.detail})
        return RedirectResponse(f"{HOME}/{name}", 303)

    return router


def _hours(workplace: Workplace, shown: Pages, sees_devices: Any, manages_devices: Any) -> Router:
    router = Router()

    @router.get(HOURS)
    def hours(request: Request, visitor: Visitor = sees_devices) -> Response:
        with workplace.read() as work:
            places = facilities(work, visitor.scope)
            found = maintenance.windows(work, visitor.scope)
        return shown.show(request, "fleet/hours.html", places=places, windows=found)

    @router.post(HOURS + "/{facility}")
    def set_hours(
        facility: Annotated[Identifier, Path()],
        starts: Annotated[str, Form()] = "",
        ends: Annotated[str, Form()] = "",
        days: Annotated[list[int] | None, Form()] = None,
        visitor: Visitor = manages_devices,
    ) -> Response:
        """One window; without days there is none. Programs may set several."""
        given = []
        if days:
            try:
                given = [DayWindow(starts=_minute(starts), ends=_minute(ends), days=days)]
            except ValueError as error:
                raise BadInput("starts", _("Hours are written as 22:00.")) from error
        with workplace.begin() as work:
            maintenance.set_windows(work, visitor.scope, facility, given, visitor.account.name)
        return RedirectResponse(HOURS, 303)

    return router


def _one(workplace: Workplace, visitor: Visitor, name: str) -> dict[str, Any]:
    with workplace.read() as work:
        found = service.rollout(work, visitor.scope, name)
        return {
            "rollout": found,
            "parts": sorted(
                service.parts(work, visitor.scope, name),
                key=lambda part: (words.URGENCY.index(part.standing), part.group, part.device),
            ),
            "history": service.events(work, visitor.scope, name),
            "names": {v.device: v.name or v.device for v in fleet.devices(work, visitor.scope)},
            "places": {place.id: place for place in facilities(work, visitor.scope)},
            **WORDS,
        }


def _minute(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
