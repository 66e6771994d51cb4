"""How the agent ends: with a farewell to the launcher, and by starting anew where nobody else does that for it.

Whoever supervises the agent starts it when it ends; where nobody does, it becomes the launcher, if that started it, and
else itself again.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from edge.fleet.launcher import LAUNCHER, STARTS

SUPERVISED = ("INVOCATION_ID", "WELLHEARD_SUPERVISED")
"""In the environment of what systemd starts, and of what another supervisor starts that says so."""


class Anew:
    """Ends the agent, and remembers that it is to come back."""

    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end
        self.wanted = False

    def __call__(self) -> None:
        self.wanted = True
        self._end()


def say_farewell(folder: Path) -> None:
    """This run ends because it was meant to, not because something is wrong with the version."""
    with suppress(OSError):  # it then counts as a crash, of which one alone does nothing
        (folder / STARTS).unlink(missing_ok=True)


def begin_anew() -> None:
    """What is to start, in this process; returns only where a supervisor will start it."""
    if not any(name in os.environ for name in SUPERVISED):
        program = next_program(sys.argv, os.environ)
        os.execv(program[0], program)  # noqa: S606


def next_program(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The command. The launcher is given its own options again, which stand behind the agent's `edge`."""
    launcher = environment.get(LAUNCHER)
    if launcher is not None and Path(launcher).is_file():
        return [str(Path(sys.executable).resolve()), launcher, *arguments[2:]]
    return [sys.executable, "-m", "wellheard", *arguments[1:]]
