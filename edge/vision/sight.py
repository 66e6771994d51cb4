"""Pure: whether a camera that gives pictures sees anything. Decides what is black, frozen, occluded, and how soon.

Judged on thumbnails (64 by 48, gray). A working sensor's noise makes no two pictures the same; a lens behind a hand, a
sticker or a bag shows light without a single edge.
"""

from typing import Literal

import numpy as np

from edge.vision.pictures import Image

Fault = Literal["black", "frozen", "occluded"]

DARK = 24
"""No brighter than this is black, though a sensor may say 16 for it."""
LIT_SHARE = 0.005
EDGE = 10
"""Neighbouring cells that differ by more than this are an edge."""
EDGES_SHARE = 0.005
AFTER_NS: dict[Fault, int] = {
    "black": 5_000_000_000,
    "occluded": 5_000_000_000,
    "frozen": 15_000_000_000,  # a compressed stream may repeat a still scene until its next whole picture
}


class Sight:
    """Remembers since when something has been wrong."""

    def __init__(self) -> None:
        self._before: Image | None = None
        self._suspected: Fault | None = None
        self._since_ns = 0

    def judge(self, thumbnail: Image, at_ns: int) -> Fault | None:
        """What is wrong, once it has been so for long enough; one good picture and nothing is."""
        suspected = self._suspect(thumbnail)
        if suspected != self._suspected:
            self._suspected, self._since_ns = suspected, at_ns
        self._before = thumbnail
        if suspected is None or at_ns - self._since_ns < AFTER_NS[suspected]:
            return None
        return suspected

    def _suspect(self, thumbnail: Image) -> Fault | None:
        if float((thumbnail > DARK).mean()) < LIT_SHARE:
            return "black"
        if _edges_share(thumbnail) < EDGES_SHARE:
            return "occluded"
        if self._before is not None and np.array_equal(thumbnail, self._before):
            return "frozen"
        return None


def _edges_share(thumbnail: Image) -> float:
    cells = thumbnail.astype(np.int16)
    across = np.abs(np.diff(cells, axis=1)) > EDGE
    down = np.abs(np.diff(cells, axis=0)) > EDGE
    return float(across.mean() + down.mean()) / 2
