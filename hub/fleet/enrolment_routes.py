"""REST for whoever manages devices: enrolling one, and letting a stopped one speak again."""

import secrets
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from contract.messages.envelope import Code, Identifier
from contract.topics import DeviceAddress
from hub.core.errors import NotFound
from hub.core.http_routes import Router
from hub.core.passwords import token_hash
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet import registry, service
from hub.identity.access import Access
from hub.identity.views import Visitor

LetIn = Callable[[str, str], None]
"""(device, password): the broker lets the device in from now on."""


class NewDevice(BaseModel):
    """A terminal to be made known, or to be given a new password or place."""

    model_config = ConfigDict(extra="forbid")

    device: Identifier
    facility: Identifier
    name: Annotated[str, Field(max_length=100)] = ""
    touchpoint: Code | None = None


class EnrolledDevice(BaseModel):
    """What a terminal needs to connect. The password is shown now and never again."""

    organisation: str
    facility: str
    device: str
    password: str


def api(workplace: Workplace, access: Access, let_in: LetIn) -> Router:
    """The routes."""
    router = Router(prefix="/api", tags=["fleet"])
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.post("/devices", status_code=201)
    def enrol(given: NewDevice, visitor: Visitor = manages_devices) -> EnrolledDevice:
        address = DeviceAddress(visitor.scope.organisation, given.facility, given.device)
        password = secrets.token_urlsafe(24)
        with workplace.begin() as work:
            service.enrol(work, visitor.scope, address, given.name, given.touchpoint)
            registry.remember_password(work, given.device, token_hash(password))
        let_in(given.device, password)
        return EnrolledDevice(
            organisation=address.organisation,
            facility=address.facility,
            device=address.device,
            password=password,
        )

    @router.post("/devices/{device}/release", status_code=204)
    def release(
        device: Annotated[Identifier, Path()], visitor: Visitor = manages_devices
    ) -> Response:
        """Let a device speak again that was stopped because two terminals used its identity."""
        with workplace.begin() as work:
            if not service.release(work, visitor.scope, device):
                raise NotFound(_("There is no such device."))
        return Response(status_code=204)

    return router
