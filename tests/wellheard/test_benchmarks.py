"""Benchmarks are found in a checkout and run as modules."""

from pathlib import Path

import pytest

from wellheard.benchmarks import run_benchmarks


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "_load.py").write_text("raise SystemExit(9)")
    (folder / "fast.py").write_text("print('{}')")
    (folder / "broken.py").write_text("raise SystemExit(3)")
    return tmp_path


def test_without_a_name_they_are_listed(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_benchmarks([], every=False, checkout=checkout) == 0
    assert capfd.readouterr().out == "broken\nfast\n"


def test_one_is_run_by_its_name(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_benchmarks(["fast"], every=False, checkout=checkout) == 0
    assert capfd.readouterr().out == "{}\n"


def test_all_are_run_and_a_failure_is_told(
    checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_benchmarks([], every=True, checkout=checkout) == 3
    assert capfd.readouterr().out == "{}\n"


def test_an_unknown_name_is_refused(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_benchmarks(["swift"], every=False, checkout=checkout) == 2
    assert "swift" in capfd.readouterr().err


def test_a_wheel_has_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_benchmarks([], every=False, checkout=tmp_path) == 0
    assert "no benchmarks" in capfd.readouterr().out
