"""SMPP: the alphabet, what is delivered, and the moments at which a connection ends."""

from collections.abc import Iterator

import pytest
import smpp34
from hypothesis import given
from hypothesis import strategies as st

from hub.sms.gateways.intake import News
from hub.sms.gateways.port import (
    Accepted,
    DeliveryReport,
    DeliveryState,
    GatewayDown,
    Inbound,
    Name,
    Outgoing,
    PartOf,
    Refused,
)
from hub.sms.gateways.smpp import delivered
from hub.sms.gateways.smpp.alphabet import gsm_text, segments
from hub.sms.gateways.smpp.gateway import SmppGateway, SmppSettings
from hub.sms.parts import BASIC, EXTENSION, Encoding, parts_of
from tests.fakes.message_centre import SENDER, MessageCentre
from tests.fakes.waiting import eventually

ANNA = "+34600000001"
NAME = Name("clinic", "main")


@given(st.text(st.sampled_from(sorted(BASIC | EXTENSION)), min_size=1, max_size=500))
def test_gsm_texts_survive_and_fit_their_parts(text: str) -> None:
    encoding, pieces = segments(text)
    assert encoding is Encoding.GSM_7
    assert len(pieces) == parts_of(text).parts
    assert "".join(map(gsm_text, pieces)) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_every_text_survives(text: str) -> None:
    encoding, pieces = segments(text)
    octets = b"".join(pieces)
    read = gsm_text(octets) if encoding is Encoding.GSM_7 else octets.decode("utf-16-be")
    assert read == text
    assert len(pieces) == parts_of(text).parts


def packet(content: bytes = b"9", **more: object) -> smpp34.DeliverSm:
    return smpp34.DeliverSm("34600000001", "217", content, **more)  # type: ignore[arg-type]


def test_a_repeated_message_has_the_same_name_and_another_one_has_not() -> None:
    before, after, now = delivered.Namer(), delivered.Namer(), 1_750_000_000_000
    name = before.name(packet(), now)
    assert after.name(packet(), now + 5_000) == name  # a hub that died before it answered
    before.stored(packet())
    assert before.name(packet(), now) != name
    assert before.name(packet(b"8"), now) != name
    assert before.name(packet(), now + delivered.SPAN_MS) != name


@pytest.mark.parametrize(
    ("told", "reached"),
    [
        (b"id:7 stat:DELIVRD err:000", DeliveryState.DELIVERED),
        (b"id:7 sub:001 done date:2611221300 stat:ENROUTE", DeliveryState.SUBMITTED),
        (b"id:7 stat:UNDELIV", DeliveryState.FAILED),
        (b"ID:7 Stat:expired text:id:8 stat:DELIVRD", DeliveryState.FAILED),
    ],
)
def test_receipts_however_they_are_written(told: bytes, reached: DeliveryState) -> None:
    report = delivered.receipt(NAME, packet(told, esm_class=4))
    assert (report.carrier_id, report.state) == ("7", reached)
    assert report.recipient == "34600000001"


def test_receipts_and_parts_by_optional_parameters() -> None:
    named = [smpp34.Tlv(0x001E, b"7\0"), smpp34.Tlv(0x0427, b"\2")]
    report = delivered.receipt(NAME, packet(b"", esm_class=4, tlvs=named))
    assert (report.carrier_id, report.state) == ("7", DeliveryState.DELIVERED)
    numbered = [smpp34.Tlv(0x020C, b"\0\7"), smpp34.Tlv(0x020E, b"\3"), smpp34.Tlv(0x020F, b"\2")]
    assert delivered.inbound(NAME, packet(tlvs=numbered), "x").part == PartOf("sar7", 2, 3)


class Account:
    """A gateway bound to a message centre, and what it brings; `store` may fail."""

    def __init__(self, centre: MessageCentre) -> None:
        self.news: list[News] = []
        self.broken = False
        settings = SmppSettings(
            host="127.0.0.1", port=centre.port, system_id="hub", password="pw", sender=SENDER
        )
        self.gateway = SmppGateway(NAME, settings, self._take)
        centre.await_bound()

    def _take(self, news: News) -> bool:
        if self.broken:
            raise OSError("no room")
        self.news.append(news)
        return True


@pytest.fixture(scope="module")
def centre() -> Iterator[MessageCentre]:
    made = MessageCentre()
    yield made
    made.close()


@pytest.fixture
def account(centre: MessageCentre) -> Iterator[Account]:
    centre.reject_with = None
    made = Account(centre)
    yield made
    made.gateway.close()


def test_answers_of_the_message_centre(account: Account, centre: MessageCentre) -> None:
    eventually(lambda: _sent(account), 30)
    centre.reject_with = smpp34.ESME_RTHROTTLED
    with pytest.raises(GatewayDown):
        account.gateway.send(Outgoing("m", ANNA, "Hola"))
    centre.reject_with = smpp34.ESME_RINVDSTADR
    assert account.gateway.send(Outgoing("m", ANNA, "Hola")) == Refused("smpp_0xb")


def test_what_could_not_be_stored_is_not_acknowledged(
    account: Account, centre: MessageCentre
) -> None:
    account.broken = True
    assert centre.deliver(ANNA, "un 9")[0] != 0
    account.broken = False
    assert centre.deliver(ANNA, "un 9") == [0]
    assert centre.deliver(ANNA, "un 9") == [0]  # the patient says it again
    first, second = (news for news in account.news if isinstance(news, Inbound))
    assert first.text == second.text == "un 9"
    assert first.carrier_id != second.carrier_id


def test_a_receipt_arrives_with_the_telephone(account: Account, centre: MessageCentre) -> None:
    eventually(lambda: _sent(account), 30)
    centre.report(centre.submitted[-1], "c99")
    (report,) = (news for news in account.news if isinstance(news, DeliveryReport))
    assert (report.carrier_id, report.recipient) == ("c99", ANNA.lstrip("+"))


def test_without_a_connection_nothing_is_sent(centre: MessageCentre) -> None:
    centre.stop()
    settings = SmppSettings(
        host="127.0.0.1", port=centre.port, system_id="hub", password="pw", sender=SENDER
    )
    gateway = SmppGateway(NAME, settings, lambda _news: True)
    with pytest.raises(GatewayDown):
        gateway.send(Outgoing("m", ANNA, "Hola"))
    centre.start()
    centre.await_bound()
    gateway.close()


def _sent(account: Account) -> bool:
    try:
        return isinstance(account.gateway.send(Outgoing("m", ANNA, "Hola")), Accepted)
    except GatewayDown:
        return False
