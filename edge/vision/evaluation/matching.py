"""Pure: which detections are hits, misses and false alarms, and recall, precision and average precision from them.

A detection is a hit if it overlaps a labelled face, not yet taken by a surer detection, by half of their union. Faces
that do not count (marked `ignore`, or smaller than asked for) are neither hits nor misses, nor is what was found on
them a false alarm; nor is what matches nothing but is itself too small.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x, y, width, height."""

HIT_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Truth:
    """A face that is there."""

    box: Box
    counts: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A face that a detector sees."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one detection that is a hit or a false alarm."""

    score: float
    hit: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares from 0 to 1; None where there is nothing to take a share of."""

    recall: float | None
    precision: float | None
    ap: float | None
    faces: int


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def judge(
    truths: Sequence[Truth], found: Iterable[Found], least_height: float
) -> Iterator[Verdict]:
    """On the detections of one picture, surest first; heights in the boxes' unit."""
    open_truths = [truth for truth in truths if truth.counts]
    others = [truth for truth in truths if not truth.counts]
    for each in sorted(found, key=lambda found: -found.score):
        best = max(open_truths, key=lambda truth: overlap(truth.box, each.box), default=None)
        if best is not None and overlap(best.box, each.box) >= HIT_OVERLAP:
            open_truths.remove(best)
            yield Verdict(each.score, hit=True)
        elif each.box[3] >= least_height and not any(
            overlap(truth.box, each.box) >= HIT_OVERLAP for truth in others
        ):
            yield Verdict(each.score, hit=False)


def quality(verdicts: Sequence[Verdict], faces: int, threshold: float) -> Quality:
    """Recall and precision of the detections from the threshold on, average precision over all of them."""
    taken = [verdict for verdict in verdicts if verdict.score >= threshold]
    hits = sum(verdict.hit for verdict in taken)
    return Quality(
        recall=hits / faces if faces else None,
        precision=hits / len(taken) if taken else None,
        ap=average_precision(verdicts, faces) if faces else None,
        faces=faces,
    )


def average_precision(verdicts: Iterable[Verdict], faces: int) -> float:
    """The area under precision over recall, where each recall has the best precision that it or any higher one has
    (Pascal VOC 2010).
    """
    hits, precisions = 0, []
    for number, verdict in enumerate(sorted(verdicts, key=lambda each: -each.score), start=1):
        if verdict.hit:
            hits += 1
            precisions.append(hits / number)
    area, best = 0.0, 0.0
    for precision in reversed(precisions):
        best = max(best, precision)
        area += best / faces
    return area
