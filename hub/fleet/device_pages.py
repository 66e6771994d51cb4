"""The page of one terminal: how it is, and what was measured of it over time."""

from typing import Annotated

import structlog
from fastapi import Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from contract.messages.envelope import Identifier
from hub.core.errors import NotFound, Unavailable
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.timeseries.store import StoreUnavailable, TimeSeries
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet import service
from hub.fleet.enrolment.keys import key_of
from hub.fleet.health.standings import standings
from hub.fleet.health.troubles import Level
from hub.fleet.health.words import ADVICE, said, said_of, unit_name
from hub.fleet.schemas import PointModel, SeriesModel
from hub.fleet.series_charts import STATUS_NAMES, charts, check_name
from hub.fleet.series_reading import DETAILS, DeviceSeries, Reach, device_series
from hub.fleet.service import DeviceView
from hub.fleet.tagging import set_tags
from hub.identity.access import Access
from hub.identity.service import facilities
from hub.identity.views import Visitor

log = structlog.get_logger()

DeviceId = Annotated[Identifier, Path()]
Wanted = Annotated[Reach, Query()]


def pages(workplace: Workplace, access: Access, series: TimeSeries, shown: Pages) -> Router:
    """The page, and the part with the charts: it may have to wait for another machine, and nothing else should."""
    router = Router(include_in_schema=False)
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("/devices/{device}")
    def device_page(
        request: Request,
        device: DeviceId,
        reach: Wanted = Reach.DAY,
        visitor: Visitor = sees_devices,
    ) -> HTMLResponse:
        with workplace.read() as work:
            found = _device(work, visitor, device)
            facts = [f for f in service.health(work, visitor.scope) if f.device == device]
            key = key_of(work, visitor.scope, device)
            places = {place.id: place for place in facilities(work, visitor.scope)}
            (standing,) = standings(work, visitor.scope, {device})
        place = places.get(found.facility)
        return shown.show(
            request,
            "fleet/device.html",
            device=found,
            facts=facts,
            key=key,
            facility=place.name if place else found.facility,
            zone=place.time_zone if place else "UTC",
            reach=reach,
            reaches=DETAILS,
            statuses=STATUS_NAMES,
            check_name=check_name,
            standing=standing,
            said=said,
            unit_name=unit_name,
            advice=ADVICE[Level.SHUT_OUT],
            fact_said=lambda fact: said_of(fact.check, fact.reason, fact.detail),
        )

    @router.post("/devices/{device}/tags")
    def tag(
        device: DeviceId,
        tags: Annotated[str, Form(max_length=1000)] = "",
        visitor: Visitor = manages_devices,
    ) -> Response:
        with workplace.begin() as work:
            set_tags(work, visitor.scope, device, tags.replace(",", " ").split())
        return RedirectResponse(f"/devices/{device}", 303)

    @router.get("/devices/{device}/series")
    def series_part(
        request: Request,
        device: DeviceId,
        reach: Wanted = Reach.DAY,
        visitor: Visitor = sees_devices,
    ) -> HTMLResponse:
        with workplace.read() as work:
            _device(work, visitor, device)
            facts = service.health(work, visitor.scope)
            now_ms = work.now_ms
        try:
            found = device_series(series, visitor.scope, device, reach, now_ms)
        except StoreUnavailable:
            log.warning("series_not_read", device=device)
            return shown.show(request, "fleet/series.html", charts=None)
        units = {fact.check: fact.unit or "" for fact in facts if fact.device == device}
        return shown.show(
            request, "fleet/series.html", charts=charts(found, units), detail=found.detail
        )

    return router


def api(workplace: Workplace, access: Access, series: TimeSeries) -> Router:
    """The same for programs."""
    router = Router(prefix="/api/devices", tags=["fleet"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))

    @router.get("/{device}/series")
    def measured(
        device: DeviceId, reach: Wanted = Reach.DAY, visitor: Visitor = sees_devices
    ) -> list[SeriesModel]:
        """What was measured of a terminal over time; 503 while the store of series cannot be asked."""
        with workplace.read() as work:
            _device(work, visitor, device)
            now_ms = work.now_ms
        try:
            return _models(device_series(series, visitor.scope, device, reach, now_ms))
        except StoreUnavailable as error:
            raise Unavailable(_("What was measured cannot be read now. It is kept.")) from error

    return router


def _device(work: UnitOfWork, visitor: Visitor, device: str) -> DeviceView:
    for view in service.devices(work, visitor.scope):
        if view.device == device:
            return view
    raise NotFound(_("There is no such device."))


def _models(found: DeviceSeries) -> list[SeriesModel]:
    return [
        SeriesModel(
            measurement=measurement,
            part=part,
            step_ms=found.detail.step_ms,
            points=[
                PointModel(at_ms=p.at_ms, n=p.n, mean=p.mean, least=p.least, most=p.most)
                for p in points
            ],
        )
        for (measurement, part), points in sorted(found.points.items())
    ]
