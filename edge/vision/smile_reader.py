"""How sure FER is that a face smiles. Decides what it is shown; what the score is worth stands on its card."""

import cv2
import numpy as np

from edge.vision.faces import Face
from edge.vision.models.store import ModelStore, ModelUnusable
from edge.vision.networks.session import NotAModel, open_session
from edge.vision.pictures import Floats, Image

MODEL = "fer"
HAPPY = 3
_SIDE = 64


class FerSmileReader:
    """Reads only "happy" of what the network says."""

    def __init__(self, model: bytes, threads: int) -> None:
        self._session = open_session(model, threads)
        self._input = self._session.get_inputs()[0].name

    def read(self, picture: Image, face: Face) -> float:
        """From 0 to 1."""
        shares = self._session.run(None, {self._input: _shown(picture, face)})[0]
        return float(np.clip(shares[0, HAPPY], 0, 1))


def open_smile_reader(store: ModelStore, threads: int = 1) -> FerSmileReader:
    """ModelUnusable says what to do."""
    try:
        return FerSmileReader(store.read(MODEL), threads)
    except NotAModel as error:
        raise ModelUnusable(f"onnxruntime refuses {store.path(MODEL)}: {error}") from error


def _shown(picture: Image, face: Face) -> Floats:
    """The square around the face, as gray as the pictures the network was trained with; its edge goes on outside."""
    side = max(face.width, face.height)
    scale = _SIDE / max(1.0, side)
    left, top = face.x + (face.width - side) / 2, face.y + (face.height - side) / 2
    move = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
    square = cv2.warpAffine(
        picture, move, (_SIDE, _SIDE), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    gray = cv2.cvtColor(square, cv2.COLOR_BGR2GRAY)[None, None]
    shown: Floats = np.asarray((gray / 255 - 0.5) * 2, np.float32)
    return shown
