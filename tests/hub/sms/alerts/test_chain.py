"""An unhappy patient is told to one person after the other, by e-mail with a link, until somebody takes it on."""

import json

import pytest

from hub.core.errors import NotFound
from hub.core.jobs import queue
from hub.core.mail.outgoing import KIND, opened
from hub.core.scope import Scope
from hub.sms.alerts import chain
from hub.sms.alerts.chain import Link
from tests.hub.sms.texting import ANNA, WHOLE, Texting

CHAIN = [
    Link("nurse@clinic.test", 30),
    Link("manager@clinic.test", 60),
    Link("head@clinic.test", 60),
]


@pytest.fixture
def unhappy(texting: Texting) -> Texting:
    """A patient who gave a 2, and a chain of three."""
    texting.campaign()
    with texting.workplace.begin() as work:
        chain.set_chain(work, WHOLE, "north", CHAIN)
    texting.enrol(ANNA, name="Ana Pérez")
    texting.run()
    texting.talk("si", "un 2")
    return texting


def mails(texting: Texting) -> list[tuple[str, str, str]]:
    """To whom, subject and text of those that wait."""
    with texting.workplace.begin() as work:
        jobs = queue.claim(work, KIND, 100, 0).jobs
        found = [opened(work.vault, job.payload) for job in jobs]
    return [(mail.to, mail.subject, mail.text) for mail in found]


def test_the_first_is_told_at_once_with_a_link_and_nothing_else(unhappy: Texting) -> None:
    with unhappy.workplace.read() as work:
        (alert,) = chain.listed(work, WHOLE)
    ((to, subject, text),) = mails(unhappy)
    assert to == "nurse@clinic.test"
    assert subject == "A patient is unhappy"
    assert text == f"https://hub.test/sms/alerts/{alert.id}\n"
    assert "Ana" not in json.dumps([subject, text])


def test_what_follows_in_the_conversation_is_the_same_alert(unhappy: Texting) -> None:
    unhappy.talk("la espera", "si", "hola?")
    unhappy.run("sms-alerts")
    assert len(mails(unhappy)) == 1


def test_nobody_takes_it_on_and_the_next_person_is_told(unhappy: Texting) -> None:
    for minutes, told in ((29, 1), (2, 2), (58, 2), (3, 3), (600, 3)):
        unhappy.clock.move(minutes=minutes)
        unhappy.run("sms-alerts")
        unhappy.run("sms-alerts")
        assert [mail[0] for mail in mails(unhappy)] == [one.address for one in CHAIN[:told]]


def test_whoever_takes_it_on_ends_it(unhappy: Texting) -> None:
    with unhappy.workplace.begin() as work:
        (alert,) = chain.listed(work, WHOLE, waiting_only=True)
        chain.acknowledge(work, WHOLE, alert.id, "nurse")
        assert chain.acknowledge(work, WHOLE, alert.id, "late").acknowledged_by == "nurse"
        assert chain.listed(work, WHOLE, waiting_only=True) == []
    unhappy.clock.move(days=1)
    unhappy.run("sms-alerts")
    assert len(mails(unhappy)) == 1


def test_danger_is_an_alert_of_its_own(unhappy: Texting) -> None:
    unhappy.talk("me quiero morir")
    assert [mail[1] for mail in mails(unhappy)] == [
        "A patient is unhappy",
        "URGENT: a patient may be in danger",
    ]


def test_another_facility_sees_and_ends_nothing(unhappy: Texting) -> None:
    south = Scope("clinic", frozenset({"south"}))
    with unhappy.workplace.begin() as work:
        (alert,) = chain.listed(work, WHOLE)
        assert chain.listed(work, south) == []
        with pytest.raises(NotFound):
            chain.acknowledge(work, south, alert.id, "stranger")


def test_whoever_is_named_later_is_told_of_what_waits(texting: Texting) -> None:
    texting.campaign()
    texting.enrol(ANNA)
    texting.run()
    texting.talk("si", "un 2")
    assert mails(texting) == []
    with texting.workplace.begin() as work:
        chain.set_chain(work, WHOLE, "north", CHAIN)
    texting.run("sms-alerts")
    assert [to for to, _subject, _text in mails(texting)] == ["nurse@clinic.test"]
