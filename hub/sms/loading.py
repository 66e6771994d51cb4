"""The interpreter of a running hub: made once, when it is first wanted, by whichever thread wants it.

Reading and compiling the dictionaries takes longer than a transaction may hold others up; whoever is about to open one
in which replies are heard calls this before.
"""

from collections.abc import Callable
from threading import Lock

from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.interpreter.labels import State

ANY_LANGUAGE = "es"


class LoadedOnce:
    """Gives the interpreter, ready for its first reply."""

    def __init__(self, make: Callable[[], Interpreter]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: Interpreter | None = None

    def __call__(self) -> Interpreter:
        with self._lock:
            if self._made is None:
                made = self._make()
                made.interpret("0", ANY_LANGUAGE, State.AWAIT_SCORE)  # compiles what is left
                self._made = made
            return self._made
