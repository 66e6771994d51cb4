"""What a page reads of a terminal's series: how far back, and how finely."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import N_
from hub.core.timeseries.points import DAY_MS, LEVELS, MINUTE_MS, Level, Point, Span
from hub.core.timeseries.store import Query, TimeSeries

_MINUTES, _QUARTERS, _HOURS, _DAYS = LEVELS


class Reach(StrEnum):
    """How far back, until now."""

    HOURS = "hours"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Detail:
    """One way to look: about a hundred stretches of `step_ms`, read from the coarsest level that has them."""

    name: str
    level: Level
    step_ms: int
    length_ms: int

    def span(self, now_ms: int) -> Span:
        """Whole stretches, the last of which is going on."""
        until = now_ms - now_ms % self.step_ms + self.step_ms
        return Span(until - self.length_ms, until)


DETAILS: dict[Reach, Detail] = {
    Reach.HOURS: Detail(N_("6 hours"), _MINUTES, 5 * MINUTE_MS, 6 * _HOURS.step_ms),
    Reach.DAY: Detail(N_("24 hours"), _QUARTERS, _QUARTERS.step_ms, DAY_MS),
    Reach.WEEK: Detail(N_("7 days"), _HOURS, _HOURS.step_ms, 7 * DAY_MS),
    Reach.MONTH: Detail(N_("30 days"), _HOURS, 6 * _HOURS.step_ms, 30 * DAY_MS),
    Reach.QUARTER: Detail(N_("90 days"), _DAYS, DAY_MS, 90 * DAY_MS),
}


@dataclass(frozen=True, slots=True)
class DeviceSeries:
    """The points of a device by measurement and part, each in the order of time."""

    detail: Detail
    span: Span
    points: dict[tuple[str, str], list[Point]]

    def of(self, measurement: str, part: str = "") -> list[Point]:
        """Empty where nothing was measured."""
        return self.points.get((measurement, part), [])

    def parts(self) -> list[str]:
        """What is told apart of the device, such as its checks."""
        return sorted({part for _, part in self.points if part})


@needs(Permission.SEE_DEVICES)
def device_series(
    store: TimeSeries, scope: Scope, device: str, reach: Reach, now_ms: int
) -> DeviceSeries:
    """What the scope may see of a device; StoreUnavailable when the store cannot be asked."""
    detail = DETAILS[reach]
    span = detail.span(now_ms)
    found: dict[tuple[str, str], list[Point]] = defaultdict(list)
    query = Query(scope, detail.level, span, detail.step_ms, frozenset({device}))
    for point in store.read(query):
        found[point.series.measurement, point.series.part].append(point)
    ordered = {key: sorted(points, key=lambda point: point.at_ms) for key, points in found.items()}
    return DeviceSeries(detail, span, ordered)
