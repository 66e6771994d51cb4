"""Pure: reads the outputs of CenterFace: a map of where faces have their centres, and at each centre the face's size,
the centre's offset within its cell, and the landmarks as shares of the box.
"""

from collections.abc import Sequence

import numpy as np

from edge.vision.faces import Candidates
from edge.vision.networks.network import Network
from edge.vision.pictures import Floats, Size

_STRIDE = 4


def decode(outputs: Sequence[Floats], size: Size, threshold: float) -> Candidates:
    """Boxes end where the input does. Every pair of outputs is vertical before horizontal."""
    heat, scale, offset, points = (output[0] for output in outputs)
    row, column = np.nonzero(heat[0] >= threshold)
    cell = np.stack([column, row], axis=1).astype(np.float32)
    sides = np.exp(scale[::-1, row, column].T) * _STRIDE
    centre = (cell + offset[::-1, row, column].T + 0.5) * _STRIDE
    limits = np.array([size.width, size.height], np.float32)
    corner = np.clip(centre - sides / 2, 0, limits)
    far = np.minimum(corner + sides, limits)
    shares = points[:, row, column].T.reshape(-1, 5, 2)[:, :, ::-1]
    marks = corner[:, None] + shares * sides[:, None]
    boxes = np.concatenate([corner, far - corner], axis=1)
    return Candidates(boxes, heat[0, row, column], marks.reshape(-1, 10))


CENTERFACE = Network(
    outputs=("537", "538", "539", "540"), decode=decode, threshold=0.5, red_first=True
)
