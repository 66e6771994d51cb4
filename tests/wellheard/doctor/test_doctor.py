"""What `wellheard doctor` prints, and its exit code."""

import json
from pathlib import Path

import pytest

from wellheard.doctor import doctor
from wellheard.doctor.machine import Machine


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine without devices, with an empty folder for its data."""
    monkeypatch.setenv("WELLHEARD_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return Machine(tmp_path, clock_synchronised=lambda: True)


def test_json_is_one_object(bare: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(as_json=True, machine=bare) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is True
    concerns = [check["concern"] for check in report["checks"]]
    assert len(concerns) == len(set(concerns)) == 12
    assert all(check["mend"] for check in report["checks"] if check["status"] != "ok")


def test_something_missing_is_told_in_the_exit_code(
    bare: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WELLHEARD_DATABASE", "sqlite:////proc/hub.db")
    assert doctor(as_json=False, machine=bare) == 1
    line = next(x for x in capsys.readouterr().out.splitlines() if "database" in x)
    assert line.startswith("missing")


def test_settings_that_cannot_be_read_are_named(
    bare: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WELLHEARD_PORT", "eighty")
    assert doctor(as_json=False, machine=bare) == 1
    assert "WELLHEARD_PORT" in capsys.readouterr().out


@pytest.mark.parametrize(("no_color", "coloured"), [("1", False), (None, True)])
def test_colours_can_be_refused(
    bare: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    no_color: str | None,
    coloured: bool,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    doctor(as_json=False, machine=bare)
    assert ("\x1b[32m" in capsys.readouterr().out) is coloured
