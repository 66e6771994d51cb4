"""What is true of every gateway: Kannel, SMPP, Twilio's API, a modem."""

from hub.sms.gateways.pacing import LONGEST_PAUSE_MS
from hub.sms.gateways.progress import State
from tests.hub.sms.gateways.lines.line import Line
from tests.hub.sms.gateways.lines.office import Office

ANNA, BORIS, CARME = "+34600000001", "+34600000002", "+34600000003"
SHORT = "¿Desea darnos su opinión? Responda SI o NO"
RUSSIAN = "Хотите оставить отзыв? Ответьте ДА или НЕТ, пожалуйста: нам это важно"
LONG = "Gràcies per la seva opinió, que ens ajuda a millorar. " * 5


def test_what_is_sent_arrives_whole_and_once_and_is_reported(office: Office, line: Line) -> None:
    for text in (SHORT, RUSSIAN, LONG):
        office.send(ANNA, text)
    office.await_heard(line, ANNA, 3)
    line.confirm()
    for text in (SHORT, RUSSIAN, LONG):
        office.await_state(text, State.DELIVERED)
    assert [text.strip() for text in line.heard(ANNA)] == [SHORT, RUSSIAN, LONG.strip()]


def test_what_patients_write_comes_in(office: Office, line: Line) -> None:
    seen = len(office.received)
    line.write(BORIS, "да, конечно ñ 9")
    office.await_received(seen + 1)
    line.write_in_parts(BORIS, ["a" * 150 + "1", "b" * 150 + "2", "c" * 10])
    office.await_received(seen + 2)
    assert [(event.sender, event.text) for event in office.received[seen:]] == [
        (BORIS, "да, конечно ñ 9"),
        (BORIS, "a" * 150 + "1" + "b" * 150 + "2" + "c" * 10),
    ]
    assert not any(event.incomplete for event in office.received[seen:])


def test_what_could_not_be_sent_goes_out_later_in_order_and_once(
    office: Office, line: Line
) -> None:
    line.cut()
    for text in ("uno", "dos", "tres"):
        office.send(CARME, text)
        office.clock.move(ms=1)
    assert [office.state(text) for text in ("uno", "dos", "tres")] == [State.WAITING] * 3
    line.mend()
    office.clock.move(ms=LONGEST_PAUSE_MS)
    office.await_heard(line, CARME, 3)
    line.confirm()
    office.await_state("tres", State.DELIVERED)
    assert line.heard(CARME) == ["uno", "dos", "tres"]
