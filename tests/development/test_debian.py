"""The installer of Debian packages, with stand-ins for the programs that would change this machine."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "development" / "debian.sh"


class Computer:
    """A PATH whose first folder answers instead of the real programs, and notes what apt-get was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked = folder / "asked"
        self.program("apt-get", f'echo "$*" >> {self.asked}')
        self.program("sudo", '[ "$1" = -n ] && shift; exec "$@"')
        self.program("id", "echo 0")
        self.program("python", "exit 0")

    def program(self, name: str, body: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def prepare(self, *needs: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": f"{self.folder}:{os.environ['PATH']}", "PYTHON": "python"}
        return subprocess.run(
            [SCRIPT, *needs], env=environment, capture_output=True, text=True, check=False
        )

    @property
    def apt_calls(self) -> list[str]:
        return self.asked.read_text().splitlines() if self.asked.exists() else []


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def lack_venv(computer: Computer) -> None:
    computer.program("python", 'case "$2" in *ensurepip*) exit 1 ;; esac')


def test_nothing_lacking_asks_apt_for_nothing(computer: Computer) -> None:
    assert computer.prepare("python").returncode == 0
    assert computer.apt_calls == []


@pytest.mark.parametrize("user", ["0", "1000"])
def test_what_is_lacking_is_installed_by_root_or_by_sudo(computer: Computer, user: str) -> None:
    lack_venv(computer)
    computer.program("id", f"echo {user}")
    assert computer.prepare("python").returncode == 0
    update, install = computer.apt_calls
    assert update.startswith("update")
    assert install.startswith("install")
    assert install.endswith(" python3-venv")


def test_without_rights_the_command_is_named(computer: Computer) -> None:
    lack_venv(computer)
    computer.program("id", "echo 1000")
    computer.program("sudo", "exit 1")
    result = computer.prepare("python")
    assert result.returncode == 1
    assert result.stderr.endswith("Install with: sudo apt-get install python3-venv\n")
    assert computer.apt_calls == []


def test_an_old_python_is_refused(computer: Computer) -> None:
    computer.program("python", 'case "$2" in *version_info*) exit 1 ;; esac; echo Python 3.9.2')
    result = computer.prepare("python")
    assert result.returncode == 1
    assert "3.11 or newer is needed; Python 3.9.2 was found" in result.stderr


def test_a_failing_apt_is_a_failure(computer: Computer) -> None:
    lack_venv(computer)
    computer.program("apt-get", "exit 100")
    assert computer.prepare("python").returncode == 100


def test_an_unknown_need_is_a_mistake(computer: Computer) -> None:
    assert computer.prepare("telescope").returncode == 2
