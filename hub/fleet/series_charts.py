"""The small charts of a terminal's page: what each is called, how it is drawn, and the same in words.

Decides the order, and where an axis begins: at nothing for counts and times, at the least for readings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hub.core.texts import N_, lasting, ngettext, number
from hub.core.texts import gettext as _
from hub.core.timeseries.points import Point
from hub.fleet import sparklines
from hub.fleet.health.words import unit_name
from hub.fleet.series import APPROACHES, HEALTH, LATENCY, PRESSES, QUEUE_DEPTH, READING, STATUSES
from hub.fleet.series_reading import DeviceSeries
from hub.fleet.sparklines import Frame

CHECKS: dict[str, str] = {
    "camera": N_("Camera"),
    "card": N_("Memory card"),
    "clock": N_("Clock"),
    "clock_offset": N_("Clock, as the hub sees it"),
    "connection": N_("Connections made"),
    "disk": N_("Free disk space"),
    "memory": N_("Free working memory"),
    "power": N_("Power supply"),
    "queue_age": N_("How long the oldest message waits"),
    "queue_depth": N_("Outbox"),
    "round_trip": N_("To the broker and back"),
    "screen": N_("Screen"),
    "smiles": N_("Counting smiles"),
    "temperature": N_("Temperature"),
    "touch": N_("Touch"),
}
"""By kind; those below are of one panel each, or of the glass."""
OF_A_PANEL: dict[str, str] = {
    "panel": N_("Panel %(name)s"),
    "silence": N_("Last touched: %(name)s"),
    "storm": N_("Hammering on %(name)s"),
}
OK, WARNING, FAILURE = range(len(STATUSES))
BENEATH_OK = -0.4
"""So that a report that all is well is seen, as a low bar; worse ones are higher."""
STATUS_NAMES: dict[str, str] = {
    "ok": N_("all right"),
    "warning": N_("warning"),
    "failure": N_("failure"),
}
_SUMMARIES = (N_("all right throughout"), N_("a warning at times"), N_("a failure at times"))
_WHOLE = {"%": 100.0}
"""Units of which there can only be so much."""


@dataclass(frozen=True, slots=True)
class Chart:
    """`bars`, `band`, `line`, `warnings` and `failures` are paths, empty where there is nothing to draw."""

    name: str
    summary: str
    high: str = ""
    low: str = ""
    bars: str = ""
    band: str = ""
    line: str = ""
    reports: str = ""
    warnings: str = ""
    failures: str = ""


def check_name(check: str) -> str:
    """What a check is called; a panel by its own name."""
    kind, _colon, panel = check.partition(":")
    if kind in OF_A_PANEL:
        return _(OF_A_PANEL[kind]) % {"name": panel or "–"}
    return _(CHECKS[check]) if check in CHECKS else check


def charts(found: DeviceSeries, units: Mapping[str, str]) -> list[Chart]:
    """`units`: of each check's readings."""
    return [*_traffic(found), *(_check(found, part, units.get(part, "")) for part in found.parts())]


def _traffic(found: DeviceSeries) -> Iterator[Chart]:
    if presses := found.of(PRESSES):
        count = _count(presses)
        summary = ngettext(
            "%(num)s answer, at most %(most)s within %(stretch)s",
            "%(num)s answers, at most %(most)s within %(stretch)s",
            count,
        )
        yield _counted(found, presses, _("Answers"), summary)
    if near := found.of(APPROACHES):
        count = _count(near)
        summary = ngettext(
            "%(num)s person, at most %(most)s within %(stretch)s",
            "%(num)s people, at most %(most)s within %(stretch)s",
            count,
        )
        yield _counted(found, near, _("People who came near"), summary)
    if latency := found.of(LATENCY):
        mean = sum(point.total for point in latency) / sum(point.n for point in latency)
        most = max(point.most for point in latency)
        told = {"mean": lasting(mean), "most": lasting(most)}
        summary = _("%(mean)s on average, %(most)s at the longest") % told
        name = _("From the answer until it is stored")
        chart = Chart(name, summary, high=lasting(most), low="0")
        yield _drawn(chart, latency, _frame(found, 0, most))
    if depth := found.of(QUEUE_DEPTH):
        most = max(point.most for point in depth)
        told = {"most": number(most), "last": number(depth[-1].most)}
        summary = _("at most %(most)s messages, %(last)s lately") % told
        chart = Chart(_("Waiting on the terminal"), summary, high=number(most), low="0")
        yield _drawn(chart, depth, _frame(found, 0, most))


def _count(points: Sequence[Point]) -> int:
    return int(sum(point.total for point in points))


def _counted(found: DeviceSeries, points: Sequence[Point], name: str, summary: str) -> Chart:
    """Of something that is counted; `summary` still lacks its numbers."""
    most = max(point.total for point in points)
    told = {"num": number(_count(points)), "most": number(most)}
    told["stretch"] = lasting(found.detail.step_ms)
    bars = sparklines.totals(points, _frame(found, 0, most))
    return Chart(name, summary % told, high=number(most), low="0", bars=bars)


def _check(found: DeviceSeries, check: str, unit: str) -> Chart:
    health, readings = found.of(HEALTH, check), found.of(READING, check)
    status = int(max((point.most for point in health), default=OK))
    strip = _frame(found, BENEATH_OK, FAILURE)
    chart = Chart(
        check_name(check),
        _(_SUMMARIES[status]),
        reports=sparklines.worst(health, strip, OK),
        warnings=sparklines.worst(health, strip, WARNING),
        failures=sparklines.worst(health, strip, FAILURE),
    )
    if not readings:
        return chart
    least, most = min(p.least for p in readings), max(p.most for p in readings)
    high = _WHOLE.get(unit, most)
    low = 0 if unit in _WHOLE else _foot(least, most)
    told = {"least": _short(least), "most": _short(most), "unit": unit_name(unit)}
    same = told["least"] == told["most"]
    between = "%(most)s %(unit)s" if same else _("%(least)s to %(most)s %(unit)s")
    summary = f"{chart.summary}; {between % told}"
    chart = replace(chart, summary=summary, high=_short(high), low=_short(low))
    return _drawn(chart, readings, _frame(found, low, high))


def _drawn(chart: Chart, points: Sequence[Point], frame: Frame) -> Chart:
    band, line = sparklines.ranges(points, frame), sparklines.means(points, frame)
    return replace(chart, band=band, line=line)


def _foot(least: float, most: float) -> float:
    """Where a reading's axis begins: at nothing, unless what there is to see would be flat then."""
    return 0 if 0 <= least < most / 2 or least == most > 0 else least


def _short(value: float) -> str:
    return number(round(value, 1))


def _frame(found: DeviceSeries, low: float, high: float) -> Frame:
    return Frame(found.span, found.detail.step_ms, low, high)
