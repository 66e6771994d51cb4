"""Pure: whether something moves, so cheaply that it can be asked of every picture. Decides how much change is movement.

Compares thumbnails with what the place usually looks like, which is learnt slowly: who stands still is noticed for some
seconds, a chair that was moved is part of the place after a while. A change of the light changes all alike.
"""

import numpy as np

from edge.vision.pictures import Floats, Image

CHANGED = 12.0
"""A cell that differs by more than this, beside what all differ by, has changed."""
CHANGED_CELLS = 6
"""A face as small as the zone's smallest covers about twenty."""
LEARNING_S = 10.0


class MotionGate:
    """Learns one place."""

    def __init__(self) -> None:
        self._usual: Floats | None = None
        self._learnt_ns = 0

    def is_open(self, thumbnail: Image, at_ns: int) -> bool:
        """Whether the detector should look; yes for the first picture."""
        now = thumbnail.astype(np.float32)
        if self._usual is None:
            self._usual, self._learnt_ns = now, at_ns
            return True
        difference = now - self._usual
        changed = np.abs(difference - np.median(difference)) > CHANGED
        elapsed_s = min(LEARNING_S, max(0.0, (at_ns - self._learnt_ns) / 1e9))
        self._usual += difference * np.float32(elapsed_s / LEARNING_S)
        self._learnt_ns = at_ns
        return int(changed.sum()) >= CHANGED_CELLS
