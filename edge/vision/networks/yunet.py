"""Pure: reads the outputs of YuNet (2023mar) as `cv2.FaceDetectorYN` does.

For strides of 8, 16 and 32 pixels, each cell of the picture says how sure it is of a face and of an object, and where
the face lies relative to the cell.
"""

from collections.abc import Sequence

import numpy as np

from edge.vision.faces import Candidates
from edge.vision.networks.network import Network
from edge.vision.pictures import Floats, Size

_STRIDES = (8, 16, 32)
_KINDS = ("cls", "obj", "bbox", "kps")


def decode(outputs: Sequence[Floats], size: Size, threshold: float) -> Candidates:
    """The score is the geometric mean of the two certainties."""
    levels = [
        _decode_level(outputs[level :: len(_STRIDES)], stride, size.width // stride, threshold)
        for level, stride in enumerate(_STRIDES)
    ]
    return Candidates(
        np.concatenate([level.boxes for level in levels]),
        np.concatenate([level.scores for level in levels]),
        np.concatenate([level.landmarks for level in levels]),
    )


def _decode_level(
    outputs: Sequence[Floats], stride: int, columns: int, threshold: float
) -> Candidates:
    face, thing, box, points = (output[0] for output in outputs)
    scores = np.sqrt(np.clip(face[:, 0], 0, 1) * np.clip(thing[:, 0], 0, 1))
    kept = np.flatnonzero(scores >= threshold)
    row, column = np.divmod(kept, columns)
    cell = np.stack([column, row], axis=1).astype(np.float32)
    centre = (cell + box[kept, :2]) * stride
    sides = np.exp(box[kept, 2:]) * stride
    marks = (cell[:, None] + points[kept].reshape(-1, 5, 2)) * stride
    boxes = np.concatenate([centre - sides / 2, sides], axis=1)
    return Candidates(boxes, scores[kept], marks.reshape(-1, 10))


YUNET = Network(
    outputs=tuple(f"{kind}_{stride}" for kind in _KINDS for stride in _STRIDES),
    decode=decode,
    threshold=0.6,
    red_first=False,
)
