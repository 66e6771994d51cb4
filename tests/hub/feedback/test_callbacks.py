"""Who is to be called: unhappy patients who asked for it, their numbers masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.messages import Asked
from hub.core.scope import Scope
from hub.feedback.callbacks import CallWish, wished
from hub.feedback.questions import UNHAPPY
from hub.feedback.rules import masked_phone
from tests.fakes.clock import NOON_MS
from tests.hub.clinic import SOUTH, WHOLE, Clinic
from tests.hub.terminal import PHONE, Terminal

HOUR_MS = 3_600_000
RECOMMEND = Asked(survey="express", question="recommend")


def ask(clinic: Clinic, scope: Scope = WHOLE, since_ms: int = NOON_MS - HOUR_MS) -> list[CallWish]:
    with clinic.workplace.read() as work:
        return wished(work, scope, UNHAPPY, since_ms)


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_masked_number_tells_its_ends_alone(phone: str) -> None:
    masked = masked_phone(phone)
    assert sum(sign.isdigit() for sign in masked) == 4
    assert masked.startswith(phone[:3])
    assert masked.endswith(phone[-2:])


@pytest.mark.parametrize(
    ("value", "flags", "count"), [("no", [], 1), ("yes", [], 0), ("no", ["play"], 0)]
)
def test_only_the_unhappy_are_called(
    clinic: Clinic, value: str, flags: list[str], count: int
) -> None:
    terminal = Terminal(clinic.clock)
    answer = terminal.answer(asked=RECOMMEND, value=value, flags=flags, employee="anna-north")
    clinic.inbox.store([answer, terminal.contact()])
    found = ask(clinic)
    assert len(found) == count
    assert all((w.value, w.employee, w.commented) == ("no", "anna-north", True) for w in found)
    assert PHONE not in repr(found)


def test_neither_another_facility_s_nor_old_wishes(clinic: Clinic) -> None:
    terminal = Terminal(clinic.clock, SOUTH)
    clinic.inbox.store([terminal.answer(asked=RECOMMEND, value="no"), terminal.contact()])
    assert len(ask(clinic)) == 1
    assert ask(clinic, Scope("clinic", frozenset({"north"}))) == []
    assert ask(clinic, since_ms=clinic.clock.now_ms() + HOUR_MS) == []
