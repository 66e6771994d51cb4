"""The command hands over, and asks for no side's packages before it must."""

import json
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from wellheard.cli import app

WITHOUT = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Refuse())
from wellheard.cli import app
app({arguments!r})
"""


def run_without(absent: set[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a fresh interpreter in which these packages cannot be imported."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT.format(absent=absent, arguments=list(arguments))],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )


def test_help_names_every_command() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for command in ("hub", "edge", "models", "detect", "demo", "doctor", "bench"):
        assert command in result.stdout


def test_the_doctor_answers_without_the_packages_of_either_side() -> None:
    result = run_without(
        {"fastapi", "sqlalchemy", "sqlmodel", "iotcore", "evdev", "gpiozero"}, "doctor", "--json"
    )
    assert result.returncode in {0, 1}, result.stderr
    assert json.loads(result.stdout)["checks"]


def test_a_side_without_its_packages_says_which_to_install() -> None:
    # The whole side is hidden, because how late it imports which of its packages is its own affair.
    result = run_without({"hub"}, "hub", "--help")
    assert result.returncode == 1
    assert "wellheard[hub]" in result.stderr
    assert "Traceback" not in result.stderr
