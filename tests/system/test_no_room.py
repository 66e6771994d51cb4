"""A disk that is full and a database that is locked or gone: nobody is thanked for nothing, and all recovers."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.fakes.waiting import eventually
from tests.hub.postgresql import PostgresqlServer, running_postgresql
from tests.system.clinic import Clinic, holds
from tests.system.judge import hear_case
from tests.system.patients import Patient, Press
from tests.system.small_disks import FileLimit, SmallDisk, may_mount, mounted

DISKS = ["file limit", "small disk"] if may_mount() else ["file limit"]
every_disk = pytest.mark.parametrize("disk", DISKS)
LOCKED_S = 120.0


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgresqlServer]:
    with running_postgresql() as server:
        server.run("CREATE DATABASE clinic")
        yield server


@contextmanager
def _write_lock(path: Path) -> Iterator[None]:
    """Another process (this one) is in the middle of writing."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            database.execute("ROLLBACK")


def _assert_stored_once(clinic: Clinic, presses: list[Press]) -> None:
    clinic.await_settled()
    verdict = hear_case(presses, clinic.hub.database)
    assert verdict.clean, verdict
    assert verdict.stored == verdict.thanked


def _await_trouble(clinic: Clinic, patient: Patient | None = None) -> list[Press]:
    """Until the hub says that its database cannot be used; a patient who is given presses until then."""
    presses: list[Press] = []

    def troubled() -> bool:
        if patient is not None:
            presses.extend(patient.press_times(5))
        return "database_unavailable" in clinic.hub.process.log()

    eventually(troubled, LOCKED_S)
    return presses


def test_a_locked_outbox_refuses_and_recovers(tmp_path: Path) -> None:
    with Clinic(tmp_path) as clinic:
        patient = Patient(clinic.terminal)
        presses = patient.press_times(3)
        with _write_lock(clinic.terminal.folder / "outbox.db"):
            refused = patient.press_times(2)
        presses += [*refused, *patient.press_times(3)]
        _assert_stored_once(clinic, presses)
    assert [one.outcome for one in presses] == ["thanked"] * 3 + ["refused"] * 2 + ["thanked"] * 3


@every_disk
def test_a_terminal_without_room_refuses_and_recovers(tmp_path: Path, disk: str) -> None:
    folder = tmp_path / "desk-1"
    with ExitStack() as stack:
        small = stack.enter_context(mounted(folder, "3m")) if disk == "small disk" else None
        clinic = stack.enter_context(Clinic(tmp_path))
        patient = Patient(clinic.terminal)
        limits = small or FileLimit(clinic.terminal.process, folder / "outbox.db-wal")
        presses = patient.press_times(3)
        limits.fill()
        presses += patient.press_until("refused", at_most=400)
        presses += patient.press_times(3)
        assert [one.outcome for one in presses[-4:]] == ["refused"] * 4
        limits.make_room()
        presses += patient.press_until("thanked", at_most=20)
        presses += patient.press_times(3)
        assert [one.outcome for one in presses[-3:]] == ["thanked"] * 3
        _assert_stored_once(clinic, presses)


def test_a_locked_hub_confirms_nothing_and_recovers(tmp_path: Path) -> None:
    with Clinic(tmp_path) as clinic:
        patient = Patient(clinic.terminal)
        presses = patient.press_times(3)
        clinic.await_settled()
        with _write_lock(clinic.hub.data / "hub.db"):
            presses += patient.press_times(3)
            _await_trouble(clinic)
            assert clinic.terminal.waiting() >= 3
        _assert_stored_once(clinic, presses)
    assert {one.outcome for one in presses} == {"thanked"}


@every_disk
def test_a_hub_without_room_confirms_nothing_and_recovers(tmp_path: Path, disk: str) -> None:
    data = tmp_path / "hub"
    with ExitStack() as stack:
        small: SmallDisk | None = None
        if disk == "small disk":
            small = stack.enter_context(mounted(data, "24m"))
        clinic = stack.enter_context(Clinic(tmp_path))
        patient = Patient(clinic.terminal)
        limits = small or FileLimit(clinic.hub.process, data / "hub.db-wal")
        presses = patient.press_times(3)
        clinic.await_settled()
        limits.fill()
        presses += _await_trouble(clinic, patient)
        presses += patient.press_times(5)
        assert holds(lambda: clinic.terminal.waiting() >= 5, 2)
        limits.make_room()
        _assert_stored_once(clinic, presses)
    assert {one.outcome for one in presses} == {"thanked"}


def test_a_database_server_that_is_gone_and_returns(
    tmp_path: Path, postgresql: PostgresqlServer
) -> None:
    with Clinic(tmp_path, database=postgresql.url("clinic")) as clinic:
        patient = Patient(clinic.terminal)
        presses = patient.press_times(3)
        clinic.await_settled()
        postgresql.run("ALTER DATABASE clinic ALLOW_CONNECTIONS false")
        postgresql.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'clinic'"
        )
        presses += patient.press_times(3)
        _await_trouble(clinic)
        assert clinic.terminal.waiting() >= 3
        postgresql.run("ALTER DATABASE clinic ALLOW_CONNECTIONS true")
        _assert_stored_once(clinic, presses)
    assert {one.outcome for one in presses} == {"thanked"}
