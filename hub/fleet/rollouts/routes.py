"""REST of rollouts and of maintenance windows."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Path
from fastapi.responses import Response

from contract.messages.envelope import Identifier
from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet.bulk import refusals_audited
from hub.fleet.repository.repository import Release, Repository
from hub.fleet.rollouts import maintenance, service, steering
from hub.fleet.rollouts.evidence import evidence
from hub.fleet.rollouts.schemas import (
    DevicePartModel,
    MaintenanceModel,
    NewRollout,
    Reference,
    RolloutModel,
)
from hub.identity.access import Access
from hub.identity.views import Visitor


class Act(StrEnum):
    """What may be done to a whole rollout."""

    PAUSE = "pause"
    RESUME = "resume"
    ABORT = "abort"


ACTS: dict[Act, Callable[..., None]] = {
    Act.PAUSE: steering.pause,
    Act.RESUME: steering.resume,
    Act.ABORT: steering.abort,
}

RolloutId = Annotated[Identifier, Path()]
Number = Annotated[int, Path(ge=0, le=1000)]


def begin(workplace: Workplace, repository: Repository, visitor: Visitor, given: NewRollout) -> str:
    """Begin one, if there is such a release; a refusal is audited. Its name."""
    release = _release(repository, given)
    with refusals_audited(workplace, visitor.scope, "rollout.begin") as work:
        return service.begin(work, visitor.scope, given, release, visitor.account.name)


def steer(
    workplace: Workplace, visitor: Visitor, what: str, act: Callable[[UnitOfWork, str], Any]
) -> None:
    """Do something to a rollout by the visitor's name; a refusal is audited."""
    with refusals_audited(workplace, visitor.scope, f"rollout.{what}") as work:
        act(work, visitor.account.name)


def api(workplace: Workplace, access: Access, repository: Repository) -> Router:
    """For whoever may see devices; what changes anything, for whoever manages every terminal of it."""
    router = Router(prefix="/api/rollouts", tags=["fleet"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("")
    def rollouts(visitor: Visitor = sees_devices) -> list[RolloutModel]:
        with workplace.read() as work:
            return service.rollouts(work, visitor.scope)

    @router.post("", status_code=201)
    def new(given: NewRollout, visitor: Visitor = manages_devices) -> Reference:
        return Reference(id=begin(workplace, repository, visitor, given))

    @router.get("/{rollout}")
    def rollout(rollout: RolloutId, visitor: Visitor = sees_devices) -> RolloutModel:
        with workplace.read() as work:
            return service.rollout(work, visitor.scope, rollout)

    @router.get("/{rollout}/devices")
    def devices(rollout: RolloutId, visitor: Visitor = sees_devices) -> list[DevicePartModel]:
        with workplace.read() as work:
            return service.parts(work, visitor.scope, rollout)

    @router.get("/{rollout}/evidence", response_class=Response)
    def evidence_of(rollout: RolloutId, visitor: Visitor = sees_devices) -> Response:
        """CSV: who approved, which terminal was given which hash, and what came of it."""
        with workplace.read() as work:
            content = evidence(work, visitor.scope, rollout)
        name = f'attachment; filename="rollout-{rollout}.csv"'
        headers = {"Content-Disposition": name}
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    @router.post("/{rollout}/groups/{number}/approve", status_code=204)
    def approve(rollout: RolloutId, number: Number, visitor: Visitor = manages_devices) -> Response:
        steer(
            workplace,
            visitor,
            "approve",
            lambda work, by: steering.approve(work, visitor.scope, rollout, number, by),
        )
        return Response(status_code=204)

    @router.post("/{rollout}/groups/{number}/return", status_code=204)
    def give_back(
        rollout: RolloutId, number: Number, visitor: Visitor = manages_devices
    ) -> Response:
        """Ask the terminals of the group for the version that each ran before."""
        steer(
            workplace,
            visitor,
            "return",
            lambda work, by: steering.return_group(
                work, visitor.scope, rollout, number, by=by, find=repository.find
            ),
        )
        return Response(status_code=204)

    @router.post("/{rollout}/{act}", status_code=204)
    def do(rollout: RolloutId, act: Act, visitor: Visitor = manages_devices) -> Response:
        steer(workplace, visitor, act, lambda work, by: ACTS[act](work, visitor.scope, rollout, by))
        return Response(status_code=204)

    return router


def maintenance_api(workplace: Workplace, access: Access) -> Router:
    """The hours of facilities."""
    router = Router(prefix="/api/maintenance", tags=["fleet"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("")
    def windows(visitor: Visitor = sees_devices) -> dict[str, MaintenanceModel]:
        """By facility; those that are not named let their terminals be updated at any time."""
        with workplace.read() as work:
            found = maintenance.windows(work, visitor.scope)
        return {facility: MaintenanceModel(windows=given) for facility, given in found.items()}

    @router.put("/{facility}", status_code=204)
    def set_windows(
        facility: Annotated[Identifier, Path()],
        given: MaintenanceModel,
        visitor: Visitor = manages_devices,
    ) -> Response:
        by = visitor.account.name
        with workplace.begin() as work:
            maintenance.set_windows(work, visitor.scope, facility, given.windows, by)
        return Response(status_code=204)

    return router


def _release(repository: Repository, given: NewRollout) -> Release:
    found = repository.find(given.release, given.channel)
    if found is None:
        raise BadInput("release", _("There is no such release in this channel."))
    return found
