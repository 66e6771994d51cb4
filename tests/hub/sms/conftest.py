"""The dictionaries are read once for all tests of this folder; a clinic that texts."""

from pathlib import Path

import pytest

from hub.core.unit_of_work import Listeners, Workplace
from hub.sms.dictionaries import lexicons
from hub.sms.interpreter.interpreter import Interpreter
from tests.fakes.clock import HeldClock
from tests.hub.sms.texting import Texting


@pytest.fixture(scope="session")
def interpreter() -> Interpreter:
    return Interpreter(lexicons())


@pytest.fixture
def texting(
    workplace: Workplace,
    listeners: Listeners,
    clock: HeldClock,
    interpreter: Interpreter,
    tmp_path: Path,
) -> Texting:
    return Texting(workplace, listeners, clock, interpreter, tmp_path / "lists")
