"""The pages of rollouts: all of them, one as it goes on, and the form that begins one."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.errors import BadInput, HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet import service as fleet
from hub.fleet.repository.repository import Repository
from hub.fleet.rollouts import service, steering, words
from hub.fleet.rollouts.form import BadForm, RolloutForm, read_form
from hub.fleet.rollouts.routes import ACTS, Act, Number, RolloutId, begin, steer
from hub.fleet.rollouts.selecting import selected
from hub.fleet.service import DeviceView
from hub.fleet.tagging import tags
from hub.identity.access import Access
from hub.identity.service import facilities, shared_time_zone
from hub.identity.views import Visitor

HOME = "/fleet/rollouts"
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
            zone = shared_time_zone(work, visitor.scope)
        return shown.show(
            request,
            "fleet/rollouts.html",
            rollouts=found,
            releases=repository.releases(),
            zone=zone,
            **WORDS,
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
            given = tags(work, visitor.scope)
        return shown.show(
            request,
            "fleet/rollout_new.html",
            tags=sorted({tag for words in given.values() for tag in words}),
            chosen=_selected(form, devices, given),
            status=422 if problems else 200,
            form=form,
            problems=problems,
            devices=devices,
            places=places,
            releases=repository.releases(),
        )

    @router.get(HOME + "/new/chosen")
    def chosen_part(
        request: Request, form: Annotated[RolloutForm, Query()], visitor: Visitor = manages_devices
    ) -> Response:
        """How many terminals the facilities and tags mean, while they are being chosen."""
        with workplace.read() as work:
            chosen = _chosen(work, visitor, form)
        return shown.show(request, "fleet/rollout_chosen.html", chosen=chosen)

    @router.get(HOME + "/new")
    def new(request: Request, visitor: Visitor = manages_devices) -> Response:
        return page(request, visitor, RolloutForm())

    @router.post(HOME + "/new")
    def create(
        request: Request, form: Annotated[RolloutForm, Form()], visitor: Visitor = manages_devices
    ) -> Response:
        with workplace.read() as work:
            chosen = _chosen(work, visitor, form)
        try:
            name = begin(workplace, repository, visitor, read_form(form, chosen))
        except BadForm as bad:
            return page(request, visitor, form, bad.problems)
        except HubError as error:
            return page(request, visitor, form, {error.field or "": error.detail})
        return RedirectResponse(f"{HOME}/{name}", 303)

    return router


def _chosen(work: UnitOfWork, visitor: Visitor, form: RolloutForm) -> list[str]:
    scope = visitor.scope
    return _selected(form, fleet.devices(work, scope), tags(work, scope))


def _selected(
    form: RolloutForm, devices: Sequence[DeviceView], given: Mapping[str, frozenset[str]]
) -> list[str]:
    return selected(devices, given, facilities=form.facilities, wanted=form.tags)


def _one(workplace: Workplace, visitor: Visitor, name: str) -> dict[str, Any]:
    with workplace.read() as work:
        found = service.rollout(work, visitor.scope, name)
        parts = service.parts(work, visitor.scope, name)
        inside = {part.facility for part in parts}
        return {
            "rollout": found,
            "zone": shared_time_zone(work, visitor.scope, inside),
            "parts": sorted(
                parts,
                key=lambda part: (words.URGENCY.index(part.standing), part.group, part.device),
            ),
            "history": service.events(work, visitor.scope, name),
            "names": {v.device: v.name or v.device for v in fleet.devices(work, visitor.scope)},
            "places": {place.id: place for place in facilities(work, visitor.scope)},
            **WORDS,
        }
