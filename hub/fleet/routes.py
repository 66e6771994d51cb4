"""The REST resources of the fleet."""

from typing import Any

from fastapi import Depends

from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.fleet import service
from hub.fleet.schemas import DeviceModel, HealthModel, LedgerModel
from hub.identity.access import Access
from hub.identity.views import Visitor


def api(workplace: Workplace, access: Access) -> Router:
    """For whoever may see devices: fleet operators and facility staff."""
    router = Router(prefix="/api", tags=["fleet"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))

    @router.get("/devices", response_model=list[DeviceModel])
    def devices(visitor: Visitor = sees_devices) -> Any:
        with workplace.read() as work:
            return service.devices(work, visitor.scope)

    @router.get("/ledger", response_model=list[LedgerModel])
    def ledger(visitor: Visitor = sees_devices) -> Any:
        with workplace.read() as work:
            return service.ledgers(work, visitor.scope)

    @router.get("/health", response_model=list[HealthModel])
    def health(visitor: Visitor = sees_devices) -> Any:
        with workplace.read() as work:
            return service.health(work, visitor.scope)

    return router
