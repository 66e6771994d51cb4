"""A rewritten model takes pictures of any size and computes what it computed before."""

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.vision.models.rewriting import NotRewritable, rewrite
from tests.edge.vision.models.conftest import onnx_of, published

REWRITTEN = rewrite(published(), "any-size")
SESSION = onnxruntime.InferenceSession(REWRITTEN, providers=["CPUExecutionProvider"])


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 70), st.integers(1, 70))
def test_it_takes_one_picture_of_any_size(height: int, width: int) -> None:
    picture = np.random.default_rng(0).random((1, 3, height, width), np.float32)
    (found,) = SESSION.run(None, {"picture": picture})
    assert np.array_equal(found, picture * 2)


def test_weights_are_no_inputs_any_more() -> None:
    assert [each.name for each in SESSION.get_inputs()] == ["picture"]
    assert SESSION.get_inputs()[0].shape == [1, 3, "height", "width"]


def test_the_weights_are_not_touched() -> None:
    assert onnx_of(REWRITTEN).graph.initializer == onnx_of(published()).graph.initializer


def test_the_same_file_gives_the_same_bytes_and_a_rewritten_one_stays() -> None:
    assert rewrite(published(), "any-size") == REWRITTEN == rewrite(REWRITTEN, "any-size")


@pytest.mark.parametrize("content", [b"", b"no model"])
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(NotRewritable):
        rewrite(content, "any-size")
