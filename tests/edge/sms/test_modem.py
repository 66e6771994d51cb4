"""The agent's side of a modem: each message once, nothing lost before it is stored, nothing kept longer than needed."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from contract.messages import SmsArrived, SmsReported
from contract.sms import SmsCommand, SmsPart, SmsToSend, password_hash, sealing_key
from edge.clock import SystemClock
from edge.outbox import Draft, NotStored, Stored
from edge.sms.modem import Modem
from edge.sms.smsd import Smsd
from tests.edge.sms.gammu import SCHEMA
from tests.fakes.waiting import eventually

HASHED = password_hash("secret")
ANNA = "+34600000001"


class Bench:
    """A modem on gammu-smsd's tables, which the test fills in gammu-smsd's place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "smsd.db"
        self.run(SCHEMA.read_text())
        self.stored: list[Draft] = []
        self.full = False
        self.start()

    def start(self) -> None:
        self.modem = Modem(self.folder, Smsd(self.database), lambda: HASHED, SystemClock())
        self.modem.start(self._submit)

    def run(self, script: str) -> None:
        database = sqlite3.connect(self.database, timeout=10)
        database.executescript(script)
        database.close()

    def rows(self, table: str) -> list[tuple[object, ...]]:
        database = sqlite3.connect(self.database, timeout=10)
        found = database.execute(f"SELECT * FROM {table}").fetchall()
        database.close()
        return found

    def states(self) -> list[str]:
        return [draft.fields["state"] for draft in self.stored if draft.kind is SmsReported]

    def command(self, message: str = "m1", key: str = HASHED) -> None:
        content = SmsToSend(id="m1", recipient=ANNA, parts=[SmsPart(text="Hola")])
        sealed = Fernet(sealing_key(key)).encrypt(content.model_dump_json().encode())
        self.modem.command(SmsCommand(id=message, sealed=sealed.decode()))

    def send_all(self, status: str = "SendingOK") -> None:
        self.run(
            "INSERT INTO sentitems (Text, UDH, ID, SenderID, CreatorID, Status)"
            f" SELECT '', '', ID, '', CreatorID, '{status}' FROM outbox; DELETE FROM outbox;"
        )

    def _submit(self, drafts: list[Draft]) -> "Future[list[Stored]]":
        done: Future[list[Stored]] = Future()
        if self.full:
            done.set_exception(NotStored("full"))
        else:
            self.stored += drafts
            done.set_result([])
        return done


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.modem.stop()


def test_a_message_is_sent_once_however_often_it_is_said(bench: Bench) -> None:
    for _ in range(3):
        bench.command()
    eventually(lambda: len(bench.states()) == 3)
    assert bench.states() == ["taken"] * 3
    assert len(bench.rows("outbox")) == 1
    bench.modem.stop()
    bench.start()
    bench.command()
    eventually(lambda: len(bench.states()) == 4)
    assert len(bench.rows("outbox")) == 1


def test_a_message_that_was_sent_and_is_said_again_is_not_sent_again(bench: Bench) -> None:
    bench.command()
    eventually(lambda: bench.states() == ["taken"])
    bench.send_all("DeliveryOK")
    eventually(lambda: bench.states() == ["taken", "delivered"])
    eventually(lambda: bench.rows("sentitems") == [])
    bench.command()
    eventually(lambda: len(bench.states()) == 3)
    assert bench.states()[-1] == "delivered"
    assert bench.rows("outbox") == []


def test_what_was_given_to_gammu_before_a_power_cut_is_found_there(bench: Bench) -> None:
    bench.command()
    eventually(lambda: bench.states() == ["taken"])
    bench.modem.stop()
    (bench.folder / "sms.db").unlink()  # the cut came before it was remembered
    bench.start()
    bench.command()
    eventually(lambda: len(bench.states()) == 2)
    assert len(bench.rows("outbox")) == 1


def test_each_state_is_told_once(bench: Bench) -> None:
    bench.command()
    eventually(lambda: bench.states() == ["taken"])
    bench.send_all()
    eventually(lambda: bench.states() == ["taken", "sent"])
    bench.run("UPDATE sentitems SET Status = 'DeliveryFailed'")
    eventually(lambda: bench.states() == ["taken", "sent", "failed"])
    eventually(lambda: bench.rows("sentitems") == [])


@pytest.mark.parametrize(("message", "key"), [("m1", password_hash("other")), ("m2", HASHED)])
def test_what_was_not_sealed_for_it_is_not_sent(bench: Bench, message: str, key: str) -> None:
    bench.command(message, key)
    bench.command()
    eventually(lambda: bench.states() == ["taken"])
    assert len(bench.rows("outbox")) == 1


def test_what_came_in_stays_until_it_is_stored(bench: Bench) -> None:
    bench.full = True
    bench.run(
        "INSERT INTO inbox (Text, UDH, SenderNumber, TextDecoded, RecipientID, ReceivingDateTime)"
        f" VALUES ('', '0500030A0302', '{ANNA}', 'un 9', '', '2026-11-22 13:58:59')"
    )
    bench.command()
    eventually(lambda: bench.rows("outbox") != [])
    assert len(bench.rows("inbox")) == 1
    bench.full = False
    eventually(lambda: bench.rows("inbox") == [])
    (arrived,) = [draft for draft in bench.stored if draft.kind is SmsArrived]
    assert arrived.fields == {
        "carrier_id": "1.20261122T135859",
        "sender": ANNA,
        "text": "un 9",
        "reference": "0a",
        "part": 2,
        "total": 3,
    }


def test_nothing_of_its_own_names_a_telephone(bench: Bench) -> None:
    bench.command()
    eventually(lambda: bench.states() == ["taken"])
    assert ANNA.lstrip("+").encode() not in (bench.folder / "sms.db").read_bytes()
