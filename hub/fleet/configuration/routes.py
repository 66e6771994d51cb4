"""REST of what terminals are set to."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from contract.documents import ReportedConfiguration
from contract.messages.envelope import Identifier
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.fleet.configuration import reports, service
from hub.fleet.configuration.rules import merged, origins
from hub.fleet.configuration.service import Kind
from hub.identity.access import Access
from hub.identity.views import Visitor

Subject = Annotated[str, Field(max_length=63)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Kind
    subject: Subject = ""
    after: Annotated[int, Field(ge=0)]
    """The version that whoever changes it has seen; 0 where there was none."""


class NewSettings(_Given):
    """All that a layer is to set; what is left out is not set by it any more."""

    values: dict[str, Any]


class Restored(_Given):
    """A layer is to be again what it was in an earlier version."""

    version: Annotated[int, Field(ge=1)]


class ChangeModel(BaseModel):
    """One field, in the version before and in this one."""

    field: str
    before: Any
    after: Any


class VersionModel(BaseModel):
    """A version of a layer, and what it changed."""

    version: int
    values: dict[str, Any]
    changed_ms: int
    changed_by: str
    restores: int | None
    changes: list[ChangeModel]


class SetVersion(BaseModel):
    """What a change has become."""

    version: int


class OriginModel(BaseModel):
    """Which layer decides a field."""

    kind: Kind
    subject: str


class DeviceSettings(BaseModel):
    """What a terminal is to be set to, which layer decides each field, and what the terminal says of it."""

    values: dict[str, Any]
    origins: dict[str, OriginModel]
    reported: ReportedConfiguration | None


def api(workplace: Workplace, access: Access) -> Router:
    """The routes."""
    router = Router(prefix="/api", tags=["fleet"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("/settings", response_model=list[VersionModel])
    def history(
        kind: Annotated[Kind, Query()],
        subject: Annotated[Subject, Query()] = "",
        visitor: Visitor = sees_devices,
    ) -> Any:
        """All versions of a layer, the newest first."""
        with workplace.read() as work:
            return service.history(work, visitor.scope, kind, subject)

    @router.put("/settings")
    def change(given: NewSettings, visitor: Visitor = manages_devices) -> SetVersion:
        with workplace.begin() as work:
            version = service.set_layer(
                work, visitor.scope, given.kind, given.subject, given.values, after=given.after
            )
        return SetVersion(version=version)

    @router.post("/settings/restore")
    def restore(given: Restored, visitor: Visitor = manages_devices) -> SetVersion:
        with workplace.begin() as work:
            version = service.restore(
                work, visitor.scope, given.kind, given.subject, given.version, after=given.after
            )
        return SetVersion(version=version)

    @router.get("/devices/{device}/settings")
    def of_device(
        device: Annotated[Identifier, Path()], visitor: Visitor = sees_devices
    ) -> DeviceSettings:
        with workplace.read() as work:
            layers = service.layers_of(work, visitor.scope, device)
            reported = reports.reported(work, visitor.scope, device)
        deciding = {
            field: OriginModel.model_validate({"kind": layer.kind, "subject": layer.subject})
            for field, layer in origins(layers).items()
        }
        return DeviceSettings(values=merged(layers), origins=deciding, reported=reported)

    return router
