"""Pure: small drawings of a series, as paths of SVG.

Each value covers its whole stretch of time; where nothing is known, nothing is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.core.timeseries.points import Point, Span

WIDTH = 400
HEIGHT = 60
EDGE = 2
"""Above and below, so that a line at the edge is seen whole."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a drawing shows from left to right, and from `low` at its foot to `high` at its top."""

    span: Span
    step_ms: int
    low: float
    high: float

    def x(self, at_ms: int) -> float:
        """Where a moment is."""
        share = (at_ms - self.span.since_ms) / (self.span.until_ms - self.span.since_ms)
        return round(share * WIDTH, 1)

    def y(self, value: float) -> float:
        """Where a value is; SVG counts downwards."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)


def runs(points: Iterable[Point], step_ms: int) -> list[list[Point]]:
    """The points, parted where a stretch is missing."""
    parts: list[list[Point]] = []
    for point in points:
        if parts and point.at_ms - parts[-1][-1].at_ms == step_ms:
            parts[-1].append(point)
        else:
            parts.append([point])
    return parts


def means(points: Sequence[Point], frame: Frame) -> str:
    """A line of steps at the means."""
    lines = []
    for run in runs(points, frame.step_ms):
        steps = [f"V{frame.y(p.mean)}H{frame.x(p.at_ms + frame.step_ms)}" for p in run]
        lines.append(f"M{frame.x(run[0].at_ms)} {frame.y(run[0].mean)}{''.join(steps)}")
    return "".join(lines)


def ranges(points: Iterable[Point], frame: Frame) -> str:
    """From the least to the most of each stretch."""
    return "".join(_bar(frame, p.at_ms, p.least, p.most) for p in points)


def totals(points: Iterable[Point], frame: Frame) -> str:
    """A bar for each stretch, as high as its total."""
    return "".join(_bar(frame, p.at_ms, frame.low, p.total) for p in points)


def worst(points: Iterable[Point], frame: Frame, level: float) -> str:
    """A bar for each stretch whose most is `level`."""
    return "".join(_bar(frame, p.at_ms, frame.low, p.most) for p in points if p.most == level)


def _bar(frame: Frame, at_ms: int, low: float, high: float) -> str:
    left, right = frame.x(at_ms), frame.x(at_ms + frame.step_ms)
    return f"M{left} {frame.y(high)}H{right}V{frame.y(low)}H{left}Z"
