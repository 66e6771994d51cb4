"""Database and disk, on real databases and folders; only what cannot be had is handed in as a number."""

from pathlib import Path

import pytest

from tests.hub.core.timeseries.influxdb_server import running_influxdb
from tests.hub.postgresql import running_postgresql
from wellheard.doctor import storage
from wellheard.doctor.machine import Machine

MOUNTS = """\
22 1 8:1 / / rw - ext4 /dev/root rw
30 22 0:25 / /var rw shared:1 - btrfs /dev/sdb rw
31 30 0:26 / /var/lib/clinic rw - tmpfs tmpfs rw
"""


def test_sqlite_needs_a_folder_that_can_be_written(tmp_path: Path) -> None:
    assert storage.database(f"sqlite:///{tmp_path}/not/made/yet/hub.db").status == "ok"
    assert list(tmp_path.iterdir()) == []
    assert storage.database("sqlite:////proc/hub.db").status == "missing"


def test_postgresql_is_written_to() -> None:
    with running_postgresql() as server:
        finding = storage.database(server.url("postgres"))
    assert finding.status == "ok"


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    finding = storage.database("postgresql+psycopg://clinic:geheim@127.0.0.1:1/clinic")
    assert finding.status == "missing"
    assert "127.0.0.1" in finding.found
    assert "geheim" not in finding.found + finding.mend


@pytest.mark.parametrize("url", ["no address", "oracle://host/name"])
def test_an_address_that_means_nothing_is_a_finding(url: str) -> None:
    assert storage.database(url).status == "missing"


def test_influxdb_is_asked_for_every_bucket() -> None:
    with running_influxdb() as server:
        address = f"{server.url}/wellheard"
        unmade = storage.time_series(address, "geheim")
        server.make_buckets("wellheard")
        made = storage.time_series(address, "geheim")
    away = storage.time_series(address, "geheim")
    assert [finding.status for finding in (unmade, made, away)] == ["warn", "ok", "warn"]
    assert "wellheard" in unmade.found
    assert "geheim" not in unmade.found + made.found + away.found


def test_without_influxdb_there_is_nothing_to_look_at() -> None:
    assert storage.time_series("", "").status == "ok"


@pytest.mark.parametrize(
    ("gibibytes", "status"), [(40.0, "ok"), (1.0, "warn"), (0.1, "missing"), (0.0, "missing")]
)
def test_space(gibibytes: float, status: str) -> None:
    assert storage.judge_space(int(gibibytes * 2**30)).status == status


@pytest.mark.parametrize(
    ("kind", "seconds", "preload", "status"),
    [
        ("ext4", 0.004, "", "ok"),
        ("", 0.004, "", "ok"),
        ("ext4", 0.000002, "", "warn"),
        ("tmpfs", 0.004, "", "warn"),
        ("ext4", None, "", "missing"),
        ("ext4", 0.004, "libeatmydata.so", "missing"),
    ],
)
def test_fsync(kind: str, seconds: float | None, preload: str, status: str) -> None:
    assert storage.judge_fsync(kind, seconds, preload).status == status


def test_the_innermost_mount_counts(tmp_path: Path) -> None:
    mountinfo = tmp_path / "proc" / "self" / "mountinfo"
    mountinfo.parent.mkdir(parents=True)
    mountinfo.write_text(MOUNTS)
    machine = Machine(tmp_path)
    assert storage.file_system(machine, Path("/srv")) == "ext4"
    assert storage.file_system(machine, Path("/var/lib")) == "btrfs"
    assert storage.file_system(machine, Path("/var/lib/clinic/data")) == "tmpfs"
    assert storage.file_system(Machine(tmp_path / "nothing"), Path("/")) == ""


def test_this_machine_answers(tmp_path: Path) -> None:
    assert "GiB free" in storage.disk(tmp_path / "not" / "made").found
    assert storage.fsync(Machine(), tmp_path).concern == "fsync"
