"""Batches on real databases: one transaction, poison buried alone, nothing half-stored."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy.engine import make_url

from contract.codec import encode
from contract.messages import ButtonPressed, Message, PhotoTaken, Reference
from contract.messages.envelope import MAX_INT
from contract.topics import DeviceAddress
from hub.core import dead_letters
from hub.core.arrivals import Arrival, Delivery, Refusal
from hub.core.db import Database
from hub.core.dead_letters import KEPT_BYTES_PER_DEVICE, START_BYTES, DeadLetterView
from hub.core.inbox import DatabaseUnavailable, Handler, Inbox, NotReplayable
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, UnitOfWork, Workplace
from hub.feedback import service as feedback
from hub.fleet import service as fleet
from hub.fleet.registrar import FleetRegistrar
from hub.ingest import handlers
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic
from tests.hub.postgresql import PostgresqlServer
from tests.hub.terminal import Terminal

NESTED = b'{"a":' * 50 + b"1" + b"}" * 50


@pytest.fixture
def terminal(clock: HeldClock, clinic: Clinic) -> Terminal:
    return Terminal(clock)


def letters(workplace: Workplace) -> list[DeadLetterView]:
    """The oldest first."""
    with workplace.read() as work:
        return dead_letters.dead_letters(work, WHOLE, 1000)[::-1]


def stored(workplace: Workplace) -> list[int]:
    with workplace.read() as work:
        return sorted(a.sequence for a in feedback.recent(work, WHOLE, 5000))


def contiguous(workplace: Workplace, device: str = "desk-1") -> int:
    with workplace.read() as work:
        return next(v.contiguous for v in fleet.ledgers(work, WHOLE) if v.device == device)


def unstorable(terminal: Terminal) -> Delivery:
    """A message that the contract allows and no 64-bit column can hold, once the hub has seen its boot."""
    time = terminal.stamp().model_copy(update={"uptime_ms": MAX_INT, "synchronised": False})
    return terminal.press(time=time)


def test_what_takes_long_once_is_prepared_before_the_transaction(
    terminal: Terminal, workplace: Workplace
) -> None:
    prepared: list[int] = []

    def prepare() -> None:
        with workplace.begin() as work:  # nobody else writes meanwhile
            prepared.append(work.now_ms)

    inbox = Inbox(workplace, FleetRegistrar(), handlers(), {ButtonPressed: prepare})
    assert inbox.store([terminal.state(), terminal.presence()]).stored == 1
    assert prepared == []
    assert inbox.store([*terminal.presses(3)]).stored == 3
    assert len(prepared) == 1


def test_a_batch_is_one_transaction(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    commits: list[object] = []
    sql_event.listen(workplace.database.engine, "commit", commits.append)
    outcome = clinic.inbox.store([terminal.state(), *terminal.presses(499), terminal.presence()])
    assert (outcome.stored, len(commits)) == (500, 1)


POISON = {
    "no JSON": (b"{", "invalid_json"),
    "not UTF-8": (b"\xff\xfe", "invalid_json"),
    "another type of field": (b'{"type": 4}', "invalid_field"),
    "nested deeply": (NESTED, "over_limit"),
    "empty": (b"", "invalid_json"),
    "10 MB": (b"[" + b"1," * 5_000_000 + b"1]", "over_limit"),
}


@pytest.mark.parametrize("name", POISON)
def test_poison_amid_a_batch_lies_alone_among_the_dead_letters(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, name: str
) -> None:
    payload, kind = POISON[name]
    good = terminal.presses(499)
    poison = terminal.arrived("ButtonPressed", payload)
    outcome = clinic.inbox.store([*good[:250], poison, *good[250:]])
    assert (outcome.stored, outcome.buried) == (499, 1)
    (letter,) = letters(workplace)
    assert (letter.payload, letter.kind, letter.device) == (payload, kind, "desk-1")
    assert (letter.size, letter.truncated) == (len(payload), False)
    assert stored(workplace) == list(range(1, 500))


def test_the_same_poison_again_is_one_letter_that_counts(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    poison = terminal.arrived("ButtonPressed", b"{")
    for _ in range(3):
        clinic.inbox.store([poison])
    assert [letter.times for letter in letters(workplace)] == [3]


def test_what_no_handler_can_store_is_buried_accounted_and_confirmed(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    clinic.inbox.store([terminal.state()])
    sent = [*terminal.presses(2), unstorable(terminal), *terminal.presses(2)]
    outcome = clinic.inbox.store(sent)
    assert (outcome.stored, outcome.buried) == (4, 1)
    assert outcome.confirmations[-1][1].up_to == 5
    (letter,) = letters(workplace)
    assert (letter.kind, letter.payload) == ("not_storable", sent[2].payload)
    assert stored(workplace) == [1, 2, 4, 5]
    with pytest.raises(NotReplayable, match="still refuses it"):
        clinic.inbox.replay(WHOLE, letter.id)
    assert [waiting.state for waiting in letters(workplace)] == ["waiting"]


def test_another_s_identity_is_buried_and_not_accounted(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    forged = replace(terminal.press(), topic=f"{SOUTH}/up/ButtonPressed")
    mislabelled = replace(terminal.press(), topic=f"{NORTH}/up/SurveyAnswered")
    outcome = clinic.inbox.store([forged, mislabelled])
    assert outcome.stored == 0
    assert {letter.kind for letter in letters(workplace)} <= {
        "foreign_identity", "foreign_type", "invalid_field"
    }  # fmt: skip
    assert all(not confirmation.up_to for _, confirmation in outcome.confirmations)


@pytest.mark.parametrize(
    "topic",
    [
        "elsewhere",
        "wh/v1/clinic/hub",
        "wh/v1/clinic/north/desk-1/up",
        "wh/v1/clinic/NORTH/desk-1/state",
        "wh/v1/" + "".join(chr(0x4E00 + n * 7 % 20_000) for n in range(5000)) + "/x/desk-1/state",
        "wh/v1/\x00/x/desk-1/state",
    ],
    ids=["foreign", "the hub's", "no type", "capitals", "5000 characters", "NUL"],
)
def test_a_topic_that_is_none_of_ours_is_buried(
    clinic: Clinic, terminal: Terminal, workplace: Workplace, topic: str
) -> None:
    outcome = clinic.inbox.store([Delivery(topic, b"{}", 1), terminal.press()])
    assert (outcome.stored, outcome.buried) == (1, 1)
    (letter,) = letters(workplace)
    assert (letter.kind, letter.organisation) == ("bad_topic", None)


def test_a_type_of_a_newer_terminal_is_kept_and_confirmed(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    known = json.loads(terminal.press().payload)
    novel = terminal.arrived("FaceSeen", json.dumps(known | {"type": "FaceSeen"}).encode())
    outcome = clinic.inbox.store([novel])
    assert (outcome.stored, outcome.buried) == (0, 1)
    assert outcome.confirmations[0][1].up_to == 1
    (letter,) = letters(workplace)
    assert (letter.kind, letter.payload) == ("unknown_type", novel.payload)
    with pytest.raises(NotReplayable, match="cannot be understood"):
        clinic.inbox.replay(WHOLE, letter.id)


def photo(terminal: Terminal) -> Delivery:
    terminal.sequence += 1
    message = PhotoTaken(
        device=terminal.at.device,
        epoch=terminal.epoch,
        sequence=terminal.sequence,
        time=terminal.stamp(),
        answer=Reference(epoch=terminal.epoch, sequence=1),
        media_type="image/jpeg",
        sha256="0" * 64,
    )
    return terminal.arrived("PhotoTaken", encode(message, b"\xff\xd8 image"))


class Album:
    """What a later version may do with photographs."""

    def __init__(self) -> None:
        self.photos: list[Arrival[PhotoTaken]] = []

    def record(self, _: UnitOfWork, arrivals: list[Arrival[PhotoTaken]]) -> None:
        self.photos += arrivals


def later_version(workplace: Workplace, album: Album) -> Inbox:
    known: dict[type[Message], Handler] = {**handlers()}
    return Inbox(workplace, FleetRegistrar(), {**known, PhotoTaken: album.record})


def test_a_photograph_with_an_unreadable_header_leaves_no_hole_in_the_ledger(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    """Its number can still be read, so it counts as arrived and the terminal stops sending it."""
    sent = photo(terminal)
    broken = sent.payload.replace(b'"media_type":"image/jpeg"', b'"media_type":"image/jp??"')
    outcome = clinic.inbox.store([terminal.arrived("PhotoTaken", broken), terminal.press()])
    assert (outcome.stored, outcome.buried) == (1, 1)
    assert outcome.confirmations[0][1].up_to == 2
    (letter,) = letters(workplace)
    assert (letter.kind, letter.payload) == ("invalid_field", broken)


def test_what_a_handler_refuses_is_buried_alone_with_its_reason(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    def choosy(_: UnitOfWork, arrivals: list[Arrival[Message]]) -> list[Refusal]:
        return [Refusal(arrivals[0], "ugly", "It is not pretty.", accounted=True)]

    known: dict[type[Message], Handler] = {**handlers(), PhotoTaken: choosy}
    inbox = Inbox(workplace, FleetRegistrar(), known)
    outcome = inbox.store([photo(terminal), terminal.press(), photo(terminal)])
    assert (outcome.stored, outcome.buried) == (2, 1)
    assert outcome.confirmations[0][1].up_to == 3
    (letter,) = letters(workplace)
    assert (letter.kind, letter.detail) == ("ugly", "It is not pretty.")
    with pytest.raises(NotReplayable, match="not pretty"):
        inbox.replay(WHOLE, letter.id)


def test_a_type_without_a_handler_is_replayed_once_there_is_one(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    sent = photo(terminal)
    outcome = clinic.inbox.store([sent])
    assert outcome.confirmations[0][1].up_to == 1
    (letter,) = letters(workplace)
    assert letter.kind == "unhandled_type"
    with pytest.raises(NotReplayable, match="no place for messages"):
        clinic.inbox.replay(WHOLE, letter.id)
    album = Album()
    newer = later_version(workplace, album)
    newer.replay(WHOLE, letter.id)
    (taken,) = album.photos
    assert (taken.attachment, taken.time_source) == (b"\xff\xd8 image", "device")
    with pytest.raises(NotReplayable, match="already"):
        newer.replay(WHOLE, letter.id)
    assert newer.store([sent]).duplicates == 1
    assert len(album.photos) == 1


def test_a_letter_refused_at_first_and_confirmed_later_can_still_be_replayed(
    clinic: Clinic, clock: HeldClock, workplace: Workplace
) -> None:
    """The terminal may forget it once it is confirmed, so the letter is the only copy then."""
    stranger = Terminal(clock, DeviceAddress("clinic", "north", "stranger"))
    sent = photo(stranger)
    clinic.inbox.store([sent])
    with workplace.begin() as work:
        fleet.enrol(work, WHOLE, stranger.at)
    assert clinic.inbox.store([sent]).confirmations[0][1].up_to == 1
    (letter,) = letters(workplace)
    assert letter.kind == "unhandled_type"
    album = Album()
    later_version(workplace, album).replay(WHOLE, letter.id)
    assert len(album.photos) == 1


def test_letters_are_replayed_by_whoever_may_see_them(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    clinic.inbox.store([terminal.arrived("ButtonPressed", b"{")])
    (letter,) = letters(workplace)
    for scope in (Scope("other"), Scope("clinic", frozenset({"south"}))):
        with pytest.raises(NotReplayable, match="no such letter"):
            clinic.inbox.replay(scope, letter.id)
    with pytest.raises(NotReplayable, match="no such letter"):
        clinic.inbox.replay(WHOLE, letter.id + 1)
    with pytest.raises(NotReplayable, match="cannot be understood"):
        clinic.inbox.replay(WHOLE, letter.id)


def test_one_terminal_cannot_fill_the_disk_with_poison(
    clinic: Clinic, terminal: Terminal, clock: HeldClock, workplace: Workplace
) -> None:
    """Three quarters of what is kept for one terminal are filled by the size that the first letter claims."""
    clinic.inbox.store([terminal.arrived("ButtonPressed", b"a" * 2000)])
    with workplace.begin() as work:
        claimed = dead_letters.letters.update().values(size=KEPT_BYTES_PER_DEVICE - 4000)
        work.connection.execute(claimed)
    for letter in (b"b", b"c", b"d"):
        clinic.inbox.store([terminal.arrived("ButtonPressed", letter * 3000)])
    other = Terminal(clock, SOUTH).arrived("ButtonPressed", b"e" * 3000)
    clinic.inbox.store([other])
    _, whole, *cut, another = letters(workplace)
    assert (len(whole.payload), whole.truncated) == (3000, False)
    assert [(len(letter.payload), letter.truncated, letter.size) for letter in cut] == [
        (START_BYTES, True, 3000)
    ] * 2
    assert not another.truncated
    with pytest.raises(NotReplayable, match="start"):
        clinic.inbox.replay(WHOLE, cut[0].id)


def test_what_a_terminal_may_forget_is_kept_whole_whatever_it_sent_before(
    clinic: Clinic, terminal: Terminal, workplace: Workplace
) -> None:
    clinic.inbox.store([terminal.arrived("ButtonPressed", b"a" * 2000)])
    with workplace.begin() as work:
        work.connection.execute(dead_letters.letters.update().values(size=KEPT_BYTES_PER_DEVICE))
    known = json.loads(terminal.press().payload)
    novel = json.dumps(known | {"type": "FaceSeen", "face": "x" * 5000}).encode()
    outcome = clinic.inbox.store([terminal.arrived("FaceSeen", novel)])
    assert outcome.confirmations[0][1].up_to == 1
    assert letters(workplace)[-1].payload == novel


@pytest.fixture
def impatient(sqlite_url: str) -> Iterator[Database]:
    """SQLite that does not wait for a lock."""
    database = Database(sqlite_url)
    sql_event.listen(database.engine, "checkout", lambda c, *_: c.execute("PRAGMA busy_timeout=20"))
    yield database
    database.close()


def test_a_locked_database_stores_nothing_and_says_so(
    impatient: Database, listeners: Listeners, clock: HeldClock
) -> None:
    workplace = Workplace(impatient, listeners, clock, ReversingVault())
    clinic, terminal = Clinic(workplace, listeners, clock), Terminal(clock)
    sent = [*terminal.presses(3), terminal.arrived("ButtonPressed", b"{")]
    other = sqlite3.connect(str(impatient.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(DatabaseUnavailable):
            clinic.inbox.store(sent)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert (stored(workplace), letters(workplace)) == ([], [])
    outcome = clinic.inbox.store(sent)
    assert (outcome.stored, outcome.duplicates, outcome.buried) == (3, 0, 1)


def test_a_postgresql_that_shuts_everybody_out_stores_nothing_and_says_so(
    postgresql_url: str,
    postgresql_server: PostgresqlServer,
    listeners: Listeners,
    clock: HeldClock,
) -> None:
    name = make_url(postgresql_url).database
    database = Database(postgresql_url)
    workplace = Workplace(database, listeners, clock, ReversingVault())
    clinic, terminal = Clinic(workplace, listeners, clock), Terminal(clock)
    sent = terminal.presses(3)
    clinic.inbox.store(sent[:1])
    postgresql_server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgresql_server.run(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    with pytest.raises(DatabaseUnavailable):
        clinic.inbox.store(sent)
    postgresql_server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert stored(workplace) == [1]
    outcome = clinic.inbox.store(sent)
    assert (outcome.stored, outcome.duplicates) == (2, 1)
    assert contiguous(workplace) == 3
    database.close()


def test_more_devices_in_a_batch_than_a_database_likes_in_one_condition(
    clinic: Clinic, clock: HeldClock, workplace: Workplace
) -> None:
    """Every message another epoch and another boot: one card that is begun anew again and again."""
    sent = []
    for epoch in range(1, 1101):
        terminal = Terminal(clock, epoch=epoch)
        terminal.reboot(epoch)
        sent.append(terminal.press())
    assert clinic.inbox.store(sent).stored == 1100
