"""Advisories are matched to locked versions as the OSV schema says."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from development.advisories import concerns, main, read


def advisory(*events: dict[str, str], **more: Any) -> dict[str, Any]:
    package = {"ecosystem": "PyPI", "name": "Jinja2"}
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    return {"id": "TEST-1", "affected": [{"package": package, "ranges": ranges}], **more}


@pytest.mark.parametrize(
    ("events", "version", "affected"),
    [
        ([{"introduced": "0"}, {"fixed": "3.1.6"}], "3.1.5", True),
        ([{"introduced": "0"}, {"fixed": "3.1.6"}], "3.1.6", False),
        ([{"introduced": "2"}, {"last_affected": "2.9"}], "2.9", True),
        ([{"introduced": "2"}, {"last_affected": "2.9"}], "2.10", False),
        ([{"fixed": "2"}, {"introduced": "1"}, {"introduced": "3"}], "3.5", True),
    ],
)
def test_ranges(events: list[dict[str, str]], version: str, affected: bool) -> None:
    assert concerns(advisory(*events), "jinja2", Version(version)) is affected


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_affected_exactly_between_introduction_and_fix(begin: int, length: int, at: int) -> None:
    wanted = begin <= at < begin + length + 1
    events = ({"introduced": str(begin)}, {"fixed": str(begin + length + 1)})
    assert concerns(advisory(*events), "jinja2", Version(str(at))) is wanted


def test_other_packages_and_ecosystems_are_left_alone() -> None:
    everything = advisory({"introduced": "0"})
    assert not concerns(everything, "markupsafe", Version("1"))
    everything["affected"][0]["package"]["ecosystem"] = "npm"
    assert not concerns(everything, "jinja2", Version("1"))
    assert not concerns({"affected": [{"ranges": []}]}, "jinja2", Version("1"))


def test_a_listed_version_counts_without_a_range() -> None:
    listed = advisory()
    listed["affected"][0]["versions"] = ["3.1.6"]
    assert concerns(listed, "jinja2", Version("3.1.6"))


def test_withdrawn_advisories_are_not_read(tmp_path: Path) -> None:
    for name, content in (("a", advisory()), ("b", advisory(withdrawn="2026-01-01T00:00:00Z"))):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    assert len(list(read(tmp_path))) == 1


def test_the_exit_code_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("WELLHEARD_ADVISORIES", raising=False)
    assert main() == 0
    assert "none compared" in capsys.readouterr().out
    monkeypatch.setenv("WELLHEARD_ADVISORIES", str(tmp_path))
    assert main() == 1  # an empty folder is a mistake, not good news
    (tmp_path / "one.json").write_text(json.dumps(advisory({"introduced": "0"})))
    assert main() == 1
    assert "jinja2" in capsys.readouterr().out
    (tmp_path / "one.json").write_text(json.dumps(advisory({"introduced": "0"}, {"fixed": "0.1"})))
    assert main() == 0
