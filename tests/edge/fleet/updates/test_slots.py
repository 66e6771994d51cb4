"""Releases on the disk: whole or not there, from the very wheels that were signed; sticks and lent wheels beside."""

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from edge.fleet.updates.sharing import sharing_app
from edge.fleet.updates.slots import NotInstalled, Slots
from edge.fleet.updates.sources import SignedFile
from edge.fleet.updates.sticks import look
from edge.fleet.updates.store import WheelStore
from tests.fakes.releases import tiny_wheel


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return tiny_wheel(tmp_path / "wheels", "clinic", "1.0", {"clinic.py": "print('here')"})


def lock_of(wheel: Path, folder: Path) -> Path:
    lock = folder / "release.lock"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock.write_text(f"clinic==1.0 --hash=sha256:{digest}\n")
    return lock


def test_a_slot_is_built_once_whole_and_may_be_moved(wheel: Path, tmp_path: Path) -> None:
    slots = Slots(tmp_path)
    lock = lock_of(wheel, tmp_path)
    half = tmp_path / "releases" / "1.0-a"
    half.mkdir(parents=True)  # what an attempt left that was cut off
    (half / "rubbish").touch()
    slots.install("1.0-a", lock, [wheel])
    assert slots.is_whole("1.0-a")
    assert not (half / "rubbish").exists()
    python = half / "venv" / "bin" / "python"
    said = subprocess.run([python, "-m", "clinic"], capture_output=True, text=True, check=True)
    assert said.stdout == "here\n"
    manifest = (half / "manifest.json").read_bytes()
    assert (half / ".ready").read_text() == hashlib.sha256(manifest).hexdigest()
    assert any(name.endswith("/clinic.py") for name in json.loads(manifest))
    assert slots.digests("1.0-a") == {hashlib.sha256(wheel.read_bytes()).hexdigest()}
    wheel.unlink()
    slots.install("1.0-a", lock, [wheel])  # it is there already
    slots.forget_all_but([])
    assert not slots.is_whole("1.0-a")


def test_a_slot_that_has_suffered_meanwhile_is_built_anew(wheel: Path, tmp_path: Path) -> None:
    slots, lock = Slots(tmp_path), lock_of(wheel, tmp_path)
    slots.install("1.0-a", lock, [wheel])
    slot = tmp_path / "releases" / "1.0-a"
    (installed,) = slot.glob("venv/lib/*/site-packages/clinic.py")
    for spoilt in (installed, slot / "manifest.json"):
        content = spoilt.read_bytes()
        spoilt.write_bytes(bytes(len(content)))
        slots.install("1.0-a", lock, [wheel])
        assert installed.read_text() == "print('here')"
        assert slots.is_whole("1.0-a")
    assert [path.name for path in slot.parent.iterdir()] == ["1.0-a"]


def _replace(wheel: Path) -> None:
    tiny_wheel(wheel.parent, "clinic", "1.0", {"clinic.py": "print('elsewhere')"})


def _damage(wheel: Path) -> None:
    content = bytearray(wheel.read_bytes())
    content[len(content) // 2] ^= 1
    wheel.write_bytes(content)


@pytest.mark.parametrize("spoil", [_replace, _damage, Path.unlink])
def test_a_wheel_that_is_not_the_locks_is_not_installed(
    wheel: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    lock = lock_of(wheel, tmp_path)
    spoil(wheel)
    with pytest.raises((NotInstalled, OSError)):
        Slots(tmp_path).install("1.0-a", lock, [wheel])
    assert list((tmp_path / "releases").iterdir()) == []


def test_only_whole_wheels_are_lent_and_only_by_digest(wheel: Path, tmp_path: Path) -> None:
    content = wheel.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    store = WheelStore(tmp_path / "store")
    file = SignedFile("stable/wheels/clinic.whl", len(content), digest)
    assert store.missing([file]) == [file]
    store.path(file).parent.mkdir(parents=True)
    store.path(file).write_bytes(content)
    assert store.missing([file]) == []
    asked = TestClient(sharing_app(store))
    assert asked.get(f"/wheels/{digest}").content == content
    part = asked.get(f"/wheels/{digest}", headers={"Range": "bytes=10-"})
    assert (part.status_code, part.content) == (206, content[10:])
    for other in ("0" * 64, "..", "%2e%2e%2fstore", digest.upper()):
        assert asked.get(f"/wheels/{other}").status_code == 404
    store.path(file).write_bytes(content[:-1] + b"x")
    assert store.missing([file]) == [file]
    assert not store.path(file).exists()
    store.forget_all_but([])
    assert list((tmp_path / "store").iterdir()) == []


def test_a_stick_asks_once_and_nonsense_is_passed_over(tmp_path: Path) -> None:
    def stick(name: str, asks: str) -> Path:
        folder = tmp_path / name / "wellheard"
        (folder / "metadata").mkdir(parents=True)
        (folder / "metadata" / "timestamp.json").write_text("{}")
        (folder / "update.json").write_text(asks)
        return folder

    stick("a", "{")
    stick("b", '{"channel": "stable", "release": "../../etc"}')
    good = stick("pi/c", '{"channel": "stable", "release": "1.4.0"}')
    found = look([tmp_path, tmp_path / "nowhere"], ())
    assert found is not None
    job, folder = found
    assert (job.channel, job.release, folder) == ("stable", "1.4.0", good)
    assert look([tmp_path], (job.job,)) is None
    (good / "metadata" / "timestamp.json").write_text('{"newer": 1}')
    assert look([tmp_path], (job.job,)) is not None
