"""A terminal without a battery clock: what it says is put right, and what its own clock said is kept too."""

import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.system.clinic import Clinic
from tests.system.patients import Patient, uptime_ms

HOUR_MS = 3_600_000
TOLERANCE_MS = 60_000
"""Far above what a busy machine delays, far below the faults of the clocks."""


@pytest.mark.parametrize("hub_is_there", [True, False])
def test_1970_then_synchronised_then_an_hour_back(tmp_path: Path, hub_is_there: bool) -> None:
    with Clinic(tmp_path) as clinic:
        patient = Patient(clinic.terminal)
        if not hub_is_there:
            clinic.hub.process.kill()
        now_ms = time.time_ns() // 1_000_000
        offsets = {2: (-now_ms, False), 3: (0, True), 4: (-HOUR_MS, True)}
        for wall_offset_ms, synchronised in offsets.values():
            fields = {"wall_offset_ms": wall_offset_ms, "synchronised": synchronised}
            clinic.terminal.ask("clock", **fields)
            patient.press_times(3)
        if not hub_is_there:
            clinic.hub.start()
            clinic.hub.await_up()
        clinic.await_settled()
        engine = create_engine(clinic.hub.database)
        with engine.connect() as connection:
            query = "SELECT occurred_ms, wall_ms, uptime_ms FROM response ORDER BY uptime_ms"
            rows = connection.execute(text(query)).all()
        engine.dispose()
    assert len(rows) == 9
    boot_ms = time.time_ns() / 1e6 - uptime_ms()
    expected = [offset for offset, _ in offsets.values() for _ in range(3)]
    for (occurred_ms, wall_ms, row_uptime_ms), offset_ms in zip(rows, expected, strict=True):
        assert abs(occurred_ms - (boot_ms + row_uptime_ms)) < TOLERANCE_MS
        assert abs(wall_ms - (boot_ms + row_uptime_ms + offset_ms)) < TOLERANCE_MS
