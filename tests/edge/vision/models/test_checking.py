"""What is not the expected file is refused with a sentence that says what it is instead."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.vision.models.checking import NotAsExpected, check

GOOD = b"weights" * 100
EXPECTED = hashlib.sha256(GOOD).hexdigest()


def test_the_expected_file_passes() -> None:
    check("face.onnx", GOOD, EXPECTED, len(GOOD))


@given(st.binary(max_size=1000).filter(lambda content: content != GOOD))
def test_any_other_content_is_refused_and_both_sides_are_named(content: bytes) -> None:
    with pytest.raises(NotAsExpected) as refusal:
        check("face.onnx", content, EXPECTED, len(GOOD))
    sentence = str(refusal.value)
    assert sentence.startswith("face.onnx is refused")
    assert f"{len(GOOD)} bytes with SHA-256 {EXPECTED} were expected" in sentence
    assert f"{len(content)} bytes with SHA-256 {hashlib.sha256(content).hexdigest()}" in sentence


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (GOOD[:-1], "a truncated file of 699 bytes"),
        (b"\n<!DOCTYPE html><title>Sign in</title>", "a web page of 38 bytes"),
        (b"<html>" + GOOD, "a web page of 706 bytes"),
        (GOOD[::-1], "another file of 700 bytes"),
    ],
)
def test_what_was_found_is_named(content: bytes, name: str) -> None:
    with pytest.raises(NotAsExpected, match=f"found was {name} "):
        check("face.onnx", content, EXPECTED, len(GOOD))
