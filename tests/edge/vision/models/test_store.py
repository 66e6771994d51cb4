"""The model in use is the one that was put, whole, or none; a newer one replaces it in one step."""

import json
from pathlib import Path

import pytest

from edge.vision.models.registry import Model
from edge.vision.models.store import ModelStore, ModelUnusable
from tests.edge.vision.models.conftest import model_of, published

MODEL = model_of(published(), "faces")
READY = b"ready for use"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = ModelStore(tmp_path / "models")
    store.put(MODEL, MODEL.sources[0], READY)
    return tmp_path / "models"


def only_model(folder: Path) -> Path:
    (file,) = folder.glob("*.onnx")
    return file


def test_what_was_put_is_ready_and_read(folder: Path) -> None:
    store = ModelStore(folder)
    assert store.examine(MODEL).condition == "ready"
    assert store.read("tiny") == READY == store.path("tiny").read_bytes()


def test_nothing_there_is_missing(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    assert store.examine(MODEL).condition == "missing"
    with pytest.raises(ModelUnusable, match="wellheard models pull tiny"):
        store.read("tiny")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (READY[:5], "a truncated file of 5 bytes"),
        (b"<!doctype html><p>", "a web page of 18 bytes"),
        (READY[::-1], "another file"),
        (None, "found was no file"),
    ],
)
def test_a_damaged_file_is_not_used(folder: Path, content: bytes | None, named: str) -> None:
    file = only_model(folder)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    finding = ModelStore(folder).examine(MODEL)
    assert finding.condition == "damaged"
    assert str(file) in finding.sentence
    assert named in finding.sentence
    with pytest.raises(ModelUnusable, match=named):
        ModelStore(folder).read("tiny")


def test_a_damaged_record_is_not_believed(folder: Path) -> None:
    (folder / "tiny.json").write_text(json.dumps({"file": "tiny.onnx"}))
    assert ModelStore(folder).examine(MODEL).condition == "damaged"
    with pytest.raises(ModelUnusable, match=r"tiny\.json is refused"):
        ModelStore(folder).read("tiny")


def test_a_model_that_the_registry_has_replaced_stays_in_use_until_then(folder: Path) -> None:
    newer: Model = model_of(published(3.0), "faces")
    store = ModelStore(folder)
    assert store.examine(newer).condition == "outdated"
    assert store.read("tiny") == READY
    store.put(newer, newer.sources[0], b"newer")
    assert store.examine(newer).condition == "ready"
    assert store.read("tiny") == b"newer"
    assert only_model(folder).read_bytes() == b"newer"


def test_a_replacement_that_ends_before_its_record_changes_nothing(folder: Path) -> None:
    (folder / "tiny-0123456789ab.onnx").write_bytes(b"half a mod")
    (folder / "tiny.json.new").write_text('{"file": "tiny-01')
    store = ModelStore(folder)
    assert store.examine(MODEL).condition == "ready"
    store.put(MODEL, MODEL.sources[0], READY)
    assert only_model(folder).read_bytes() == READY
