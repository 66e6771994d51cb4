"""A network saved by Keras computes in ONNX what its layers are defined to compute."""

import io
import json

import h5py
import numpy as np
import onnx
import onnxruntime
import pytest

from edge.vision.models.keras_network import NotConvertible, convert
from edge.vision.models.registry import read_registry
from tests.edge.vision.conftest import FACE

HAPPY = 3
DRAWN = np.random.default_rng(4)
WEIGHTS = {
    "conv": {"kernel": DRAWN.normal(size=(3, 3, 2, 4)), "bias": DRAWN.normal(size=4)},
    "norm": {
        "gamma": DRAWN.normal(size=4),
        "beta": DRAWN.normal(size=4),
        "moving_mean": DRAWN.normal(size=4),
        "moving_variance": DRAWN.uniform(0.5, 2, 4),
    },
    "separable": {
        "depthwise_kernel": DRAWN.normal(size=(3, 3, 4, 1)),
        "pointwise_kernel": DRAWN.normal(size=(1, 1, 4, 4)),
    },
}
PLAIN = {"activation": "linear", "dilation_rate": [1, 1]}


def layer(kind, name, came, **config):
    inbound = [[[source, 0, 0, {}] for source in came]] if came else []
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": inbound}


LAYERS = [
    layer("InputLayer", "input", [], batch_input_shape=[None, 7, 6, 2]),
    layer(
        *("Conv2D", "conv", ["input"]),
        **{**PLAIN, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same", "use_bias": True},
    ),
    layer("BatchNormalization", "norm", ["conv"], epsilon=0.001, axis=-1),
    layer("Activation", "relu", ["norm"], activation="relu"),
    layer(
        *("SeparableConv2D", "separable", ["relu"]),
        **{**PLAIN, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "use_bias": False},
    ),
    layer("MaxPooling2D", "pool", ["conv"], pool_size=[3, 3], strides=[1, 1], padding="same"),
    layer("Add", "sum", ["separable", "pool"]),
    layer("GlobalAveragePooling2D", "mean", ["sum"]),
    layer("Activation", "shares", ["mean"], activation="softmax"),
]


def saved(layers=LAYERS):
    written = io.BytesIO()
    with h5py.File(written, "w") as file:
        config = {"layers": layers, "output_layers": [[layers[-1]["name"], 0, 0]]}
        file.attrs["model_config"] = json.dumps({"class_name": "Model", "config": config})
        groups = file.create_group("model_weights")
        for name, weights in WEIGHTS.items():
            group = groups.create_group(name)
            group.attrs["weight_names"] = [f"{name}_1/{part}:0".encode() for part in weights]
            for part, values in weights.items():
                group[f"{name}_1/{part}:0"] = values.astype(np.float32)
    return written.getvalue()


def windows(values, stride, fill):
    """Every 3 x 3 neighbourhood; where the padding is odd, the larger part comes last."""
    padding = [max((-(-side // stride) - 1) * stride + 3 - side, 0) for side in values.shape[:2]]
    around = [(side // 2, side - side // 2) for side in padding]
    padded = np.pad(values, [*around, (0, 0)], constant_values=fill)
    seen = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(0, 1))
    return seen[::stride, ::stride]


def by_hand(picture):
    conv, norm, separable = WEIGHTS["conv"], WEIGHTS["norm"], WEIGHTS["separable"]
    first = np.einsum("yxcij,ijco->yxo", windows(picture, 2, 0), conv["kernel"]) + conv["bias"]
    spread = np.sqrt(norm["moving_variance"] + 0.001)
    lit = np.maximum((first - norm["moving_mean"]) / spread * norm["gamma"] + norm["beta"], 0)
    each = np.einsum("yxcij,ijc->yxc", windows(lit, 1, 0), separable["depthwise_kernel"][..., 0])
    mixed = each @ separable["pointwise_kernel"][0, 0]
    highest = windows(first, 1, -np.inf).max(axis=(3, 4))
    mean = (mixed + highest).mean(axis=(0, 1))
    return np.exp(mean) / np.exp(mean).sum()


def run(model, picture):
    content = model if isinstance(model, bytes) else model.SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (shares,) = session.run(None, {session.get_inputs()[0].name: picture})
    return shares[0]


def test_every_kind_of_layer_computes_what_it_is_defined_to():
    model = convert(saved())
    onnx.checker.check_model(model)
    picture = DRAWN.normal(size=(7, 6, 2)).astype(np.float32)
    shares = run(model, picture.transpose(2, 0, 1)[None])
    assert shares == pytest.approx(by_hand(picture), abs=1e-5)


@pytest.mark.parametrize(
    ("layers", "named"),
    [
        ([*LAYERS, layer("Dropout", "drop", ["shares"])], "drop: layers of the kind Dropout"),
        ([*LAYERS, layer("Activation", "bent", ["shares"], activation="selu")], "selu"),
    ],
)
def test_what_is_not_known_is_refused_by_its_name(layers, named):
    with pytest.raises(NotConvertible, match=named):
        convert(saved(layers))


@pytest.mark.parametrize("content", [b"", b"<html>", saved()[:-500]])
def test_what_is_no_saved_network_is_refused(content):
    with pytest.raises(NotConvertible):
        convert(content)


def test_the_published_one_sees_the_astronaut_smile(store, portrait):
    assert read_registry()["fer"].optional
    x, y, width, height = (int(length) for length in FACE)
    gray = portrait[y : y + height, x : x + width].mean(axis=2)
    rows, columns = (np.linspace(0, side - 1, 64).round().astype(int) for side in gray.shape)
    face = (gray[np.ix_(rows, columns)] / 255 - 0.5) * 2
    shares = run(store.read("fer"), face[None, None].astype(np.float32))
    assert shares.sum() == pytest.approx(1, abs=1e-5)
    assert shares[HAPPY] > 0.9
