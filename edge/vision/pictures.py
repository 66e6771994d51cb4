"""Pure: what a picture is, and sizes of pictures."""

import math
import re
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[Any]
"""Height, width, three channels blue-green-red; bytes."""

Floats = npt.NDArray[np.float32]

_TEXT = re.compile(r"(\d{1,4})x(\d{1,4})")
_STRIDE = 32  # the detectors' networks halve their input five times
_LARGEST = 4096


class SizeError(ValueError):
    """This is no size for a detector."""


@dataclass(frozen=True, slots=True)
class Size:
    """In pixels."""

    width: int
    height: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `480x360`; SizeError if it is anything else."""
        parts = _TEXT.fullmatch(text)
        size = cls(int(parts[1]), int(parts[2])) if parts else cls(0, 0)
        if not all(_STRIDE <= side <= _LARGEST for side in (size.width, size.height)):
            raise SizeError(
                f"'{text}' is not a size such as 480x360, each side {_STRIDE} to {_LARGEST}."
            )
        return size

    @classmethod
    def of(cls, picture: Image) -> Self:
        return cls(width=picture.shape[1], height=picture.shape[0])

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    def padded(self) -> "Size":
        """Up to what a network can take."""
        width, height = (math.ceil(side / _STRIDE) * _STRIDE for side in (self.width, self.height))
        return Size(width, height)

    def scale_into(self, frame: "Size") -> float:
        """By what both sides are multiplied to fit into the frame."""
        return min(frame.width / self.width, frame.height / self.height)


DEFAULT_SIZE = Size(480, 360)
"""What detectors look at unless somebody says otherwise."""
