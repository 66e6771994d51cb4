"""The dictionaries are read once for all tests of this folder."""

import pytest

from hub.sms.dictionaries import lexicons
from hub.sms.interpreter.interpreter import Interpreter


@pytest.fixture(scope="session")
def interpreter() -> Interpreter:
    return Interpreter(lexicons())
