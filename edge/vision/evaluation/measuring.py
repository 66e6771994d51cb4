"""Runs a detector over labelled pictures and measures how well, how fast and how large.

Decides which faces are near. Times are of the processor, not of the clock: other programs do not change them.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from edge.vision.detector import Detector
from edge.vision.evaluation.labels import Label
from edge.vision.evaluation.matching import Found, Quality, Truth, Verdict, judge, quality
from edge.vision.pictures import Image, Size

NEAR = 0.10
"""A near face is at least this share of the frame's height."""

SCORED_FROM = 0.02
"""Average precision looks at less sure detections than a threshold lets through."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one detector on one set of pictures."""

    near: Quality
    all: Quality
    ms_per_frame: float
    load_ms: float
    rss_mb: float


class _Tally:
    """The verdicts over all pictures, on the faces from one share of the frame's height on."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._faces = 0
        self._verdicts: list[Verdict] = []

    def add(self, labels: Sequence[Label], found: Sequence[Found], frame_height: float) -> None:
        least = self._share * frame_height
        truths = [
            Truth(each.box, not each.ignore and each.box[3] >= least)
            for each in labels
            if all(each.box[2:])
        ]
        self._faces += sum(truth.counts for truth in truths)
        self._verdicts += judge(truths, found, least)

    def quality(self, threshold: float) -> Quality:
        return quality(self._verdicts, self._faces, threshold)


def measure(
    start: Callable[[], Detector],
    labelled: Mapping[str, Sequence[Label]],
    read: Callable[[str], Image],
    frame: Size,
    threshold: float,
) -> Measured:
    """Pictures are read one at a time. The detector must return faces with scores from SCORED_FROM on."""
    began = time.process_time()
    detector = start()
    load_s = time.process_time() - began
    near, everything = _Tally(NEAR), _Tally(0)
    frames_s = []
    for name, labels in labelled.items():
        picture = read(name)
        began = time.process_time()
        faces = detector.detect(picture)
        frames_s.append(time.process_time() - began)
        found = [Found(face.box, face.score) for face in faces]
        height = frame.height / Size.of(picture).scale_into(frame)
        near.add(labels, found, height)
        everything.add(labels, found, height)
    return Measured(
        near=near.quality(threshold),
        all=everything.quality(threshold),
        ms_per_frame=median(frames_s) * 1000 if frames_s else 0.0,
        load_ms=load_s * 1000,
        rss_mb=_resident_bytes() / 1e6,
    )


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
