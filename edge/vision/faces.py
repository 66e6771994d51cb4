"""Pure: faces, as networks suggest them and as detectors return them."""

from dataclasses import dataclass

from edge.vision.pictures import Floats


@dataclass(frozen=True, slots=True)
class Face:
    """A face, in pixels of the picture it was found on; parts of it may lie outside."""

    x: float
    y: float
    width: float
    height: float
    score: float
    """From 0 to 1; comparable only between faces of one detector."""
    landmarks: tuple[tuple[float, float], ...]
    """Five points: the eye on the picture's left, the one on its right, nose, the mouth's left and right corner."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x, y, width, height."""
        return self.x, self.y, self.width, self.height


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a network suggests, in pixels of its input; the same face may be among them many times."""

    boxes: Floats
    """One row each: x, y, width, height."""
    scores: Floats
    landmarks: Floats
    """One row each: five times x, y."""
