"""Runs a network with onnxruntime on the processor, one picture at a time, all of one size."""

from collections.abc import Sequence
from typing import cast

import numpy as np
import onnxruntime

from edge.vision.networks.network import Network
from edge.vision.pictures import Floats, Image, Size

_WARM_UP_RUNS = 2
_ERRORS_ONLY = 3


class NotAModel(Exception):
    """onnxruntime cannot make anything of the file."""


class Session:
    """Ready at once: the runs in which onnxruntime settles its memory are over when it is made."""

    def __init__(self, model: bytes, network: Network, size: Size, threads: int) -> None:
        self._network = network
        self._session = open_session(model, threads, height=size.height, width=size.width)
        self._input = self._session.get_inputs()[0].name
        for _ in range(_WARM_UP_RUNS):
            self.run(np.zeros((size.height, size.width, 3), np.uint8))

    def run(self, picture: Image) -> Sequence[Floats]:
        """The outputs for a picture that has the session's size."""
        ordered = picture[:, :, ::-1] if self._network.red_first else picture
        tensor = np.ascontiguousarray(ordered.transpose(2, 0, 1)[None], dtype=np.float32)
        found = self._session.run(self._network.outputs, {self._input: tensor})
        return cast("Sequence[Floats]", found)


def open_session(model: bytes, threads: int, **dimensions: int) -> onnxruntime.InferenceSession:
    """onnxruntime's own; NotAModel if it refuses. With known dimensions it works out all shapes once."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.enable_mem_pattern = False  # planning ahead took a third more memory and no less time
    # Threads that spin while they wait would keep a core busy between two frames.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    for name, length in dimensions.items():
        options.add_free_dimension_override_by_name(name, length)
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no class of their own
        raise NotAModel(str(error)) from error
