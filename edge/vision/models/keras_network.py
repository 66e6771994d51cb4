"""Turns a convolutional network that Keras 2 saved as HDF5 into ONNX, without TensorFlow.

Decides how each kind of layer is written in ONNX; any other kind, or a setting that is not handled, is refused. Weights
are only turned from Keras' order of axes to ONNX's, never computed with.
"""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from edge.vision.pictures import Floats

OPSET, IR = 13, 8  # old enough for every onnxruntime that is supported

Layer = Mapping[str, Any]
Weights = Mapping[str, Floats]


class NotConvertible(Exception):
    """The file holds no network of this kind; the text says which part is not known."""


def convert(content: bytes) -> onnx.ModelProto:
    """Takes pictures with the channels before height and width, however the file had them."""
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            config = json.loads(file.attrs["model_config"])["config"]
            graph = _Graph()
            for layer in config["layers"]:
                graph.add(layer, _weights_of(file["model_weights"], layer["name"]))
            return graph.finished(config["output_layers"][0][0])
    except (OSError, KeyError, IndexError, TypeError, ValueError) as error:
        raise NotConvertible(f"no network saved by Keras 2: {error}") from error


def _weights_of(saved: h5py.Group, layer: str) -> Weights:
    """By the last part of their names."""
    if layer not in saved:
        return {}
    names = np.asarray(saved[layer].attrs["weight_names"]).astype(str).tolist()
    return {
        name.rpartition("/")[2].partition(":")[0]: np.asarray(saved[layer][name], np.float32)
        for name in names
    }


class _Graph:
    """Grows by a layer at a time; each layer's output has the layer's name."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []

    def add(self, layer: Layer, weights: Weights) -> None:
        kind, name, settings = layer["class_name"], layer["name"], layer["config"]
        if kind == "InputLayer":
            height, width, channels = settings["batch_input_shape"][1:]
            shape = ["batch", channels, height, width]
            self._inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
            return
        if kind not in _WRITERS:
            raise NotConvertible(f"{name}: layers of the kind {kind} are not known")
        came = [node[0] for node in layer["inbound_nodes"][0]]
        _WRITERS[kind](self, name, came, settings, weights)

    def node(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> None:
        self._nodes.append(helper.make_node(operator, inputs, [output], output, **attributes))

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        self._initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def finished(self, output: str) -> onnx.ModelProto:
        found = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", None])
        graph = helper.make_graph(self._nodes, "network", self._inputs, [found], self._initializers)
        opset = helper.make_opsetid("", OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=IR)


def _convolution(
    graph: _Graph, name: str, came: Sequence[str], settings: Layer, weights: Weights
) -> None:
    _only_plain(name, settings)
    inputs = [*came, graph.constant(f"{name}.kernel", weights["kernel"].transpose(3, 2, 0, 1))]
    if settings["use_bias"]:
        inputs.append(graph.constant(f"{name}.bias", weights["bias"]))
    graph.node("Conv", inputs, name, **_sliding(settings, settings["kernel_size"]))


def _separable_convolution(
    graph: _Graph, name: str, came: Sequence[str], settings: Layer, weights: Weights
) -> None:
    _only_plain(name, settings)
    depthwise, pointwise = weights["depthwise_kernel"], weights["pointwise_kernel"]
    height, width, channels, multiplier = depthwise.shape
    kernel = depthwise.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
    sliding = _sliding(settings, settings["kernel_size"])
    each, depth = graph.constant(f"{name}.depthwise", kernel), f"{name}.each"
    graph.node("Conv", [*came, each], depth, group=channels, **sliding)
    inputs = [depth, graph.constant(f"{name}.pointwise", pointwise.transpose(3, 2, 0, 1))]
    if settings["use_bias"]:
        inputs.append(graph.constant(f"{name}.bias", weights["bias"]))
    graph.node("Conv", inputs, name)


def _normalization(
    graph: _Graph, name: str, came: Sequence[str], settings: Layer, weights: Weights
) -> None:
    parts = ("gamma", "beta", "moving_mean", "moving_variance")
    inputs = [graph.constant(f"{name}.{part}", weights[part]) for part in parts]
    graph.node("BatchNormalization", [*came, *inputs], name, epsilon=settings["epsilon"])


def _activation(graph: _Graph, name: str, came: Sequence[str], settings: Layer, _: Weights) -> None:
    operator = {"relu": "Relu", "softmax": "Softmax"}[settings["activation"]]
    graph.node(operator, came, name)


def _max_pooling(
    graph: _Graph, name: str, came: Sequence[str], settings: Layer, _: Weights
) -> None:
    graph.node("MaxPool", came, name, **_sliding(settings, settings["pool_size"]))


def _average_of_all(
    graph: _Graph, name: str, came: Sequence[str], _settings: Layer, _: Weights
) -> None:
    graph.node("GlobalAveragePool", came, f"{name}.square")
    graph.node("Flatten", [f"{name}.square"], name)


def _addition(graph: _Graph, name: str, came: Sequence[str], _settings: Layer, _: Weights) -> None:
    graph.node("Add", came, name)


def _sliding(settings: Layer, kernel: Sequence[int]) -> dict[str, Any]:
    padding = {"same": "SAME_UPPER", "valid": "VALID"}[settings["padding"]]
    return {"kernel_shape": kernel, "strides": settings["strides"], "auto_pad": padding}


def _only_plain(name: str, settings: Layer) -> None:
    if settings["activation"] != "linear" or set(settings["dilation_rate"]) != {1}:
        raise NotConvertible(f"{name}: dilation and activation within a layer are not known")


_WRITERS: Mapping[str, Callable[[_Graph, str, Sequence[str], Layer, Weights], None]] = {
    "Activation": _activation,
    "Add": _addition,
    "BatchNormalization": _normalization,
    "Conv2D": _convolution,
    "GlobalAveragePooling2D": _average_of_all,
    "MaxPooling2D": _max_pooling,
    "SeparableConv2D": _separable_convolution,
}
