"""What comes in has effect once, whole, in any order of its parts."""

from itertools import permutations

import pytest

from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, UnitOfWork, Workplace
from hub.sms.gateways import receiving, service
from hub.sms.gateways.concatenation import WAIT_MS
from hub.sms.gateways.events import SmsReceived
from hub.sms.gateways.port import Inbound, PartOf
from hub.sms.gateways.service import Draft, State
from hub.sms.gateways.tables import SmsGateway
from tests.fakes.clock import HeldClock

WHOLE = Scope("clinic")
PATIENT = "+34600112233"


@pytest.fixture
def heard(workplace: Workplace, listeners: Listeners) -> list[SmsReceived]:
    told: list[SmsReceived] = []
    listeners.within(SmsReceived, lambda _work, event: told.append(event))
    with workplace.begin() as work:
        work.session.add(SmsGateway(organisation="clinic", id="main", kind="kannel", sealed=b""))
    return told


def sms(carrier_id: str, text: str, part: PartOf | None = None, sender: str = PATIENT) -> Inbound:
    return Inbound("clinic", "main", carrier_id, sender, "217", text, part)


def take_in(workplace: Workplace, *messages: Inbound) -> list[bool]:
    new = []
    for message in messages:
        with workplace.begin() as work:
            new.append(receiving.receive(work, message))
    return new


def test_a_repeated_message_is_told_once(workplace: Workplace, heard: list[SmsReceived]) -> None:
    assert take_in(workplace, *[sms("a", "SI")] * 3) == [True, False, False]
    assert [(event.text, event.sender, event.incomplete) for event in heard] == [
        ("SI", PATIENT, False)
    ]


def test_every_order_of_five_parts_is_one_message(
    workplace: Workplace, heard: list[SmsReceived]
) -> None:
    orders = list(permutations(range(1, 6)))
    with workplace.begin() as work:
        for at, order in enumerate(orders):
            for number in order:
                part = PartOf(str(at), number, 5)
                receiving.receive(work, sms(f"{at}-{number}", f"<{number}>", part))
    assert [event.text for event in heard] == ["<1><2><3><4><5>"] * len(orders)


def test_a_lost_part_is_waited_for_and_then_what_came_is_told(
    workplace: Workplace, heard: list[SmsReceived], clock: HeldClock
) -> None:
    take_in(workplace, sms("c", "tres", PartOf("9", 3, 3)), sms("a", "uno ", PartOf("9", 1, 3)))
    clock.move(ms=WAIT_MS - 1)
    with workplace.begin() as work:
        assert not receiving.give_up_waiting(work)
    assert heard == []
    clock.move(ms=1)
    with workplace.begin() as work:
        assert receiving.give_up_waiting(work)
    with workplace.begin() as work:
        assert not receiving.give_up_waiting(work)
    assert [(event.text, event.incomplete) for event in heard] == [("[1/3] uno ||[3/3] tres", True)]


def test_a_number_in_the_text_is_a_part_too(workplace: Workplace, heard: list[SmsReceived]) -> None:
    take_in(workplace, sms("b", "[2/2] un 9"), sms("x", "hola"), sms("a", "[1/2] le doy"))
    assert [event.text for event in heard] == ["hola", "[1/2] le doy||[2/2] un 9"]


def test_an_impossible_part_is_a_message(workplace: Workplace, heard: list[SmsReceived]) -> None:
    take_in(workplace, sms("a", "[7/5] things"), sms("b", "SI", PartOf("1", 1, 1)))
    assert [event.text for event in heard] == ["[7/5] things", "SI"]


def test_two_patients_parts_are_not_mixed(workplace: Workplace, heard: list[SmsReceived]) -> None:
    one, two = PartOf("5", 1, 2), PartOf("5", 2, 2)
    take_in(workplace, sms("a", "x", one), sms("b", "y", two, sender="+34600999999"))
    assert heard == []


def test_what_the_listener_writes_and_the_message_are_one_transaction(
    workplace: Workplace, heard: list[SmsReceived], listeners: Listeners
) -> None:
    def fail(_work: UnitOfWork, _event: SmsReceived) -> None:
        raise RuntimeError

    listeners.within(SmsReceived, fail)
    with pytest.raises(RuntimeError):
        take_in(workplace, sms("a", "SI"))
    with workplace.read() as work:
        assert work.connection.execute(receiving.inbound_table.select()).all() == []


def test_neither_telephone_nor_words_lie_open(
    workplace: Workplace, heard: list[SmsReceived]
) -> None:
    take_in(workplace, sms("a", "muy mal"))
    with workplace.begin() as work:
        service.put(work, WHOLE, "north", Draft(PATIENT, "Gracias", "survey", "c1"))
    with workplace.read() as work:
        rows = work.connection.execute(receiving.inbound_table.select()).all()
        rows += work.connection.execute(service.outgoing.select()).all()
    shown = repr(rows)
    assert not any(word in shown for word in ("600112233", "muy mal", "Gracias"))


def test_a_message_taken_back_is_withheld(workplace: Workplace) -> None:
    with workplace.begin() as work:
        service.put(work, WHOLE, "north", Draft(PATIENT, "¿Vendrá?", "survey", "c1"))
        service.put(work, WHOLE, "north", Draft(PATIENT, "Otra", "survey", "c2"))
        assert service.withdraw(work, WHOLE, "c1", "stopped") == 1
    with workplace.read() as work:
        found = service.progress(work, WHOLE, ["c1", "c2"])
        assert [(one.subject, one.state, one.reason) for one in found] == [
            ("c1", State.WITHHELD, "stopped"),
            ("c2", State.WAITING, ""),
        ]
        assert service.progress(work, Scope("clinic", frozenset({"south"})), ["c1"]) == []
