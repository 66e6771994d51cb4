"""The registry names what may be used, every model has its card, and no weights are in the repository."""

import subprocess
from pathlib import Path

import pytest

from edge.vision.models.registry import RegistryUnusable, read_registry

ROOT = Path(__file__).parents[2]
NON_COMMERCIAL = ("insightface", "affectnet", "hsemotion")


def test_detectors_are_registered_and_yunet_has_a_second_source() -> None:
    models = read_registry()
    assert {"yunet", "centerface"} <= set(models)
    assert len({source.package for source in models["yunet"].sources}) == 2


def test_every_model_is_free_and_has_a_card_that_says_so() -> None:
    for name, model in read_registry().items():
        card = (ROOT / "models" / "cards" / f"{name}.md").read_text()
        assert model.licence in card
        assert model.licence in {"MIT", "Apache-2.0", "BSD-3-Clause"}
        assert not any(word in str(model).lower() for word in NON_COMMERCIAL)


def test_no_weights_are_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    assert "models/registry.toml" in listed
    assert [name for name in listed if name.endswith((".onnx", ".hdf5", ".tflite", ".pt"))] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("yunet = 1", "yunet|registry"),
        ("[yunet]\nsha256 = 'ff'", r"yunet\.\w+"),
        ("not toml", "registry"),
    ],
)
def test_a_wrong_registry_says_where(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "registry.toml"
    path.write_text(text)
    with pytest.raises(RegistryUnusable, match=complaint):
        read_registry(path)
