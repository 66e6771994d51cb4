"""Private files, the lock, and whose processes are ended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub.core.broker import BrokerUnavailableError
from hub.core.broker.broker_folder import BrokerFolder

SLEEP = [sys.executable, "-c", "import sys; sys.stdin.read()"]


def test_files_are_replaced_whole_and_are_private(folder: Path) -> None:
    broker_folder = BrokerFolder(folder)
    assert broker_folder.write("users", "first") == folder / "users"
    broker_folder.write("users", "second")
    assert (folder / "users").read_text() == "second"
    assert (folder / "users").stat().st_mode & 0o777 == 0o600
    assert [f.name for f in folder.iterdir()] == ["users"]


def test_an_open_folder_is_closed_to_others(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    BrokerFolder(folder).take()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_it_has_one_user_at_a_time(folder: Path) -> None:
    first, second = BrokerFolder(folder), BrokerFolder(folder)
    first.take()
    first.remember_child(1)
    with pytest.raises(BrokerUnavailableError, match="another hub"):
        second.take()
    second.release()
    assert (folder / "broker.pid").exists()
    first.release()
    second.take()
    second.release()


def test_a_process_of_ours_is_ended(folder: Path) -> None:
    BrokerFolder(folder).write("broker.conf", "")
    with subprocess.Popen([*SLEEP, str(folder / "broker.conf")], stdin=subprocess.PIPE) as ours:
        BrokerFolder(folder).remember_child(ours.pid)
        BrokerFolder(folder).take()
        assert ours.poll() is not None
    assert not (folder / "broker.pid").exists()


@pytest.mark.parametrize(
    "argument", ["/etc/mosquitto/mosquitto.conf", "{folder}-of-another-hub/broker.conf"]
)
def test_somebody_else_s_process_with_the_remembered_number_is_spared(
    folder: Path, argument: str
) -> None:
    command = [*SLEEP, argument.format(folder=folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as other:
        BrokerFolder(folder).remember_child(other.pid)
        BrokerFolder(folder).take()
        assert other.poll() is None


@pytest.mark.parametrize(
    "text", ["", "garbage", "-1", "0", "999999999", "99999999999999999999", "our own"]
)
def test_a_useless_pid_file_is_no_obstacle(folder: Path, text: str) -> None:
    text = str(os.getpid()) if text == "our own" else text
    folder.mkdir()
    (folder / "broker.pid").write_text(text)
    BrokerFolder(folder).take()
    assert not (folder / "broker.pid").exists()


def test_the_log_of_the_child_before_is_kept_and_no_older_one(folder: Path) -> None:
    broker_folder = BrokerFolder(folder)
    broker_folder.take()
    for words in (b"first", b"second", b"third"):
        with broker_folder.open_log() as output:
            output.write(words)
    assert broker_folder.last_words() == "third"
    assert (folder / "broker.log.1").read_text() == "second"
    broker_folder.release()
