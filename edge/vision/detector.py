"""Finds faces on a picture: the port, and the detector behind it for every network there is.

Decides which network a model's name stands for, and which of overlapping candidates is the face.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import cv2
import numpy as np

from edge.vision.faces import Candidates, Face
from edge.vision.letterbox import letterbox
from edge.vision.models.store import ModelStore, ModelUnusable
from edge.vision.networks.centerface import CENTERFACE
from edge.vision.networks.network import Network
from edge.vision.networks.session import NotAModel, Session
from edge.vision.networks.yunet import YUNET
from edge.vision.pictures import DEFAULT_SIZE, Image, Size

NETWORKS: Mapping[str, Network] = {"yunet": YUNET, "centerface": CENTERFACE}
DEFAULT_MODEL = "yunet"

OVERLAP = 0.3
"""Of two candidates whose intersection is a larger share of their union than this, the better one is the face."""

_MOST_CANDIDATES = 5000


class Detector(Protocol):
    """For one thread at a time."""

    def detect(self, picture: Image) -> Sequence[Face]:
        """The faces, surest first, in pixels of this picture, which may have any size."""


class NetworkDetector:
    """Looks at pictures through a frame of one size."""

    def __init__(
        self, model: bytes, network: Network, size: Size, threshold: float, threads: int
    ) -> None:
        self._network = network
        self._frame = size
        self._threshold = threshold
        self._session = Session(model, network, size.padded(), threads)

    def detect(self, picture: Image) -> Sequence[Face]:
        outputs = self._session.run(letterbox(picture, self._frame))
        found = self._network.decode(outputs, self._frame.padded(), self._threshold)
        return _faces(found, Size.of(picture).scale_into(self._frame))


def open_detector(
    store: ModelStore,
    name: str = DEFAULT_MODEL,
    size: Size = DEFAULT_SIZE,
    threshold: float | None = None,
    threads: int = 1,
) -> Detector:
    """A detector that is warm; without a threshold it takes the network's own. ModelUnusable says what to do."""
    network = _network(name)
    lowest = network.threshold if threshold is None else threshold
    try:
        return NetworkDetector(store.read(name), network, size, lowest, threads)
    except NotAModel as error:
        raise ModelUnusable(f"onnxruntime refuses {store.path(name)}: {error}") from error


def threshold_of(name: str) -> float:
    """The network's own."""
    return _network(name).threshold


def _network(name: str) -> Network:
    if name not in NETWORKS:
        raise ModelUnusable(f"'{name}' is no detector. There are: {', '.join(NETWORKS)}.")
    return NETWORKS[name]


def _faces(candidates: Candidates, scale: float) -> list[Face]:
    boxes, scores = candidates.boxes.tolist(), candidates.scores.tolist()
    kept = cv2.dnn.NMSBoxes(boxes, scores, 0.0, OVERLAP, top_k=_MOST_CANDIDATES)
    return [_face(candidates, int(index), scale) for index in np.asarray(kept).ravel()]


def _face(candidates: Candidates, index: int, scale: float) -> Face:
    x, y, width, height = (candidates.boxes[index] / scale).tolist()
    points = (candidates.landmarks[index] / scale).reshape(-1, 2).tolist()
    landmarks = tuple((across, down) for across, down in points)
    return Face(x, y, width, height, float(candidates.scores[index]), landmarks)
