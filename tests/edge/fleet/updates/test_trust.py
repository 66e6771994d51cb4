"""What a terminal believes: attacks on the signed metadata, and clocks that are wrong."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge.fleet.updates.sources import FolderSource
from edge.fleet.updates.trust import Catalogue, Expired, NotReached, NotTrusted, Trust
from tests.fakes.releases import Publisher, tiny_wheel
from wellheard.release.authority import exchange
from wellheard.release.keys import make_key
from wellheard.release.repository import metadata_file, newest

NOW = datetime.now(UTC)
Y1970, Y2035 = 60_000, int(datetime(2035, 1, 1, tzinfo=UTC).timestamp() * 1000)


class Device:
    """A terminal's trust over a repository, with the time that it has proved."""

    def __init__(self, publisher: Publisher, folder: Path) -> None:
        self.trust = Trust(folder, publisher.root)
        self.source = FolderSource(publisher.repository)
        self.floor_ms = 0

    def refresh(self, at: datetime | int = NOW) -> Catalogue:
        now_ms = at if isinstance(at, int) else int(at.timestamp() * 1000)
        catalogue, self.floor_ms = self.trust.refresh(self.source, now_ms, self.floor_ms)
        return catalogue


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "publisher", NOW)
    made.release("1.1", [_wheel(tmp_path, "1.1")], now=NOW)
    return made


@pytest.fixture
def device(publisher: Publisher, tmp_path: Path) -> Device:
    return Device(publisher, tmp_path / "device")


def test_a_release_and_its_wheels_are_found_and_remembered(device: Device) -> None:
    catalogue = device.refresh()
    release, lock = catalogue.release("stable", "1.1")
    assert lock.target == "stable/1.1.lock"
    (wheel,) = catalogue.wheels("stable", release)
    assert release.wheels == {"wellheard-1.1-py3-none-any.whl": wheel.sha256}
    for channel, version in (("stable", "1.2"), ("canary", "1.1"), ("nightly", "1.1")):
        with pytest.raises(NotTrusted, match="signed by nobody"):
            catalogue.release(channel, version)
    assert device.floor_ms == int(NOW.timestamp() * 1000)


def test_old_metadata_is_not_believed_again(
    device: Device, publisher: Publisher, tmp_path: Path
) -> None:
    folder = publisher.repository / "metadata"
    shutil.copytree(folder, tmp_path / "yesterday")
    publisher.release("1.2", [_wheel(tmp_path, "1.2")], now=NOW)
    device.refresh()
    new = (folder / "timestamp.json").read_bytes()
    shutil.copy(tmp_path / "yesterday" / "timestamp.json", folder)
    with pytest.raises(NotTrusted, match="BadVersionNumber"):
        device.refresh()
    (folder / "timestamp.json").write_bytes(new)
    device.refresh()


@pytest.mark.parametrize("role", ["snapshot", "stable"])
def test_mixed_metadata_is_not_believed(device: Device, publisher: Publisher, role: str) -> None:
    latest = newest(publisher.repository, role)
    path = metadata_file(publisher.repository, role, latest)
    shutil.copy(metadata_file(publisher.repository, role, latest - 1), path)
    with pytest.raises(NotTrusted, match=r"[Vv]ersion"):
        device.refresh().release("stable", "1.1")


def test_expired_metadata_is_not_believed_and_counts_as_no_news(device: Device) -> None:
    device.refresh()
    before = device.floor_ms
    with pytest.raises(Expired):
        device.refresh(NOW + timedelta(days=15))
    assert device.floor_ms == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda signatures: [one | {"sig": "00" * 64} for one in signatures],
        lambda signatures: [one | {"sig": ""} for one in signatures],
    ],
)
def test_what_is_signed_by_another_key_or_by_nobody_is_not_believed(
    device: Device, publisher: Publisher, spoil: Callable[[list[dict[str, str]]], object]
) -> None:
    path = publisher.repository / "metadata" / "timestamp.json"
    document = json.loads(path.read_bytes())
    document["signatures"] = spoil(document["signatures"])
    path.write_text(json.dumps(document))
    with pytest.raises(NotTrusted, match="Unsigned"):
        device.refresh()


def test_a_root_below_its_threshold_is_not_believed(
    device: Device, publisher: Publisher, tmp_path: Path
) -> None:
    keys = publisher.keys
    new = make_key(tmp_path / "new", "timestamp")
    exchange(publisher.repository, "timestamp", new, [keys["root-1"], keys["root-2"]], NOW)
    path = metadata_file(publisher.repository, "root", 2)
    document = json.loads(path.read_bytes())
    document["signatures"] = document["signatures"][:1]
    path.write_text(json.dumps(document))
    with pytest.raises(NotTrusted, match="Unsigned"):
        device.refresh()


def test_the_canary_key_cannot_sign_for_stable(
    device: Device, publisher: Publisher, tmp_path: Path
) -> None:
    path = metadata_file(publisher.repository, "stable", newest(publisher.repository, "stable"))
    document = json.loads(path.read_bytes())
    publisher.keys["stable"] = publisher.keys["canary"]
    publisher.release("1.2", [_wheel(tmp_path, "1.2")], channel="canary", now=NOW)
    canary = metadata_file(publisher.repository, "canary", newest(publisher.repository, "canary"))
    forged = json.loads(canary.read_bytes())
    forged["signed"]["version"] = document["signed"]["version"]
    path.write_text(json.dumps(forged))
    with pytest.raises(NotTrusted):
        device.refresh().release("stable", "1.2")


def test_a_terminal_that_was_off_for_400_days_follows_two_new_roots_at_once(
    device: Device, publisher: Publisher, tmp_path: Path
) -> None:
    device.refresh()
    keys, later = publisher.keys, NOW + timedelta(days=400)
    old = keys["timestamp"]
    for day, names in ((100, ("root-1", "timestamp")), (300, ("root-2", "snapshot"))):
        for name in names:
            new = make_key(tmp_path / str(day), name)
            by = [keys[one] for one in ("root-1", "root-2", "root-3") if one != name]
            exchange(publisher.repository, name, new, by, NOW + timedelta(days=day))
            keys[name] = new
    publisher.snapshot(later)
    assert device.refresh(later).release("stable", "1.1")[0].version == "1.1"
    keys["timestamp"] = old
    publisher.snapshot(later)
    with pytest.raises(NotTrusted, match="Unsigned"):
        device.refresh(later)


def test_a_clock_of_1970_revives_nothing(device: Device, publisher: Publisher) -> None:
    device.refresh()
    for days in (10, 20):  # the hub signs anew in time, and the terminal looks
        publisher.snapshot(NOW + timedelta(days=days))
        device.refresh(NOW + timedelta(days=days))
    assert device.refresh(Y1970)  # the floor stands for the clock, and the signature is good
    publisher.snapshot(NOW)  # one that has expired by the time that was proved
    with pytest.raises(Expired):
        device.refresh(Y1970)
    assert device.floor_ms == int((NOW + timedelta(days=20)).timestamp() * 1000)


def test_a_clock_of_2035_is_not_remembered(device: Device) -> None:
    with pytest.raises(Expired):
        device.refresh(Y2035)
    assert device.floor_ms == 0
    assert device.refresh().release("stable", "1.1")


@pytest.mark.parametrize("name", ["timestamp.json", "snapshot.json", "stable.json", "root.json"])
def test_a_half_written_memory_heals(device: Device, tmp_path: Path, name: str) -> None:
    device.refresh().release("stable", "1.1")
    (tmp_path / "device" / name).write_bytes(b'{"signed')
    assert device.refresh().release("stable", "1.1")


def test_a_source_that_has_nothing_is_no_reason_for_alarm(
    publisher: Publisher, tmp_path: Path
) -> None:
    trust = Trust(tmp_path / "device", publisher.root)
    with pytest.raises(NotReached):
        trust.refresh(FolderSource(tmp_path / "nowhere"), Y1970, 0)


def test_endless_metadata_is_not_read(device: Device, publisher: Publisher) -> None:
    (publisher.repository / "metadata" / "timestamp.json").write_bytes(b" " * 2_000_000)
    with pytest.raises(NotReached, match="more than"):
        device.refresh()


def _wheel(folder: Path, version: str) -> Path:
    return tiny_wheel(folder / "wheels", "wellheard", version, {"a.py": version})
