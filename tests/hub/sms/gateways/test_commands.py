"""Gateways as an operator sets them up."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.core.logs import configure_logs


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    told = CliRunner().invoke(app, ["sms-gateways", *arguments], input=typed)
    configure_logs()
    return told.exit_code, told.output


def test_gateways_from_first_to_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WELLHEARD_DATA", str(tmp_path / "data"))
    kannel = ["sendsms=http://127.0.0.1:13013/cgi-bin/sendsms", "sender=217"]
    kannel += ["hub=http://127.0.0.1:8080", "status=http://127.0.0.1:13000/status.xml"]
    told = [part for one in kannel for part in ("--set", one)]
    assert run("add", "kannel", "main", *told, "--per-second", "10")[0] == 0
    code, said = run("add", "smpp", "spare", "--set", "host=h", "--set", "system_id=s",
                     "--set", "sender=217", "--rank", "1", typed="secret\n")  # fmt: skip
    assert (code, "secret" in said) == (0, False)
    assert [line.split("\t")[:3] for line in run("list")[1].splitlines()[-2:]] == [
        ["main", "kannel", "all"],
        ["spare", "smpp", "all"],
    ]
    conf = run("kannel-conf", "main", "--folder", "/srv/kannel")[1]
    assert "sendsms-port = 13013" in conf
    assert "/sms/kannel/clinic/main/messages?id=%I" in conf
    assert run("kannel-conf", "spare")[0] == 1
    assert run("add", "kannel", "main", *told)[0] == 1
    assert run("remove", "spare")[0] == 0
    assert len(run("list")[1].splitlines()) == 1
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("hub.db*"))
    assert b"13013" not in stored  # settings lie sealed


def test_what_cannot_be_right(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WELLHEARD_DATA", str(tmp_path / "data"))
    assert run("add", "pigeon", "main")[0] == 2
    code, said = run("add", "kannel", "main", "--set", "sender=217")
    assert code == 1
    assert "sendsms: This is needed." in said
    assert run("add", "modem", "desk-1", "--set", "sendr=217")[0] == 1
    assert run("add", "modem", "Main Desk")[0] == 1
