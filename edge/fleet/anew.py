"""Starting the agent anew: whoever supervises it does that when it ends, and where nobody does it does so itself."""

import os
import sys
from collections.abc import Callable

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


def begin_anew() -> None:
    """The same program in this process; returns only where a supervisor will start it."""
    if not any(name in os.environ for name in SUPERVISED):
        program = [sys.executable, "-m", "wellheard", *sys.argv[1:]]
        os.execv(sys.executable, program)  # noqa: S606
