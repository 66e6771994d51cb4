"""Pure: from measurements to the figures that are reported, and whether a goal is met."""

from collections.abc import Sequence
from statistics import median
from typing import Any


def spread(values: Sequence[float], digits: int = 1) -> dict[str, Any]:
    """Median, smallest and largest of the rounds."""
    return {
        "median": round(median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
        "rounds": len(values),
    }


def ratios(ours: Sequence[float], others: Sequence[float]) -> dict[str, Any]:
    """Of each round's two values, which were measured one right after the other."""
    return spread([mine / other for mine, other in zip(ours, others, strict=True)], 3)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies, nearest rank."""
    ordered = sorted(values)
    rank = max(1, -int(-len(ordered) * share // 1))
    return ordered[rank - 1]


def percentiles(values: Sequence[float], digits: int = 1) -> dict[str, float]:
    """The usual ones and the largest."""
    shares = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: round(percentile(values, share), digits) for name, share in shares.items()}


def goal(
    text: str, value: float, *, at_least: float | None = None, at_most: float | None = None
) -> dict[str, Any]:
    """A goal, the value that counts for it, and whether it is met."""
    met = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    return {"goal": text, "value": value, "met": met}
