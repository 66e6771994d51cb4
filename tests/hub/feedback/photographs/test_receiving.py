"""A photograph is kept sealed beside its answer, whichever comes first; one that is not what it says is refused."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import select

from contract.messages import Reference
from contract.photographs import key_name
from contract.topics import DeviceAddress
from hub.core.arrivals import Delivery
from hub.core.dead_letters import dead_letters
from hub.core.inbox import Inbox, NotReplayable
from hub.core.keys import KeysUnreadable
from hub.core.objects import ObjectFolder
from hub.core.unit_of_work import Listeners
from hub.feedback.photographs import receiving
from hub.feedback.photographs.envelopes import Envelopes
from hub.feedback.photographs.receiving import PhotographReceiver
from hub.feedback.photographs.tables import AnswerPhotograph
from hub.ingest import make_inbox
from tests.fakes.clock import HeldClock
from tests.fakes.picture_signatures import SIGNATURES
from tests.hub.clinic import SOUTH, WHOLE, Clinic
from tests.hub.terminal import PICTURE, Terminal


def kept(clinic: Clinic) -> list[AnswerPhotograph]:
    with clinic.workplace.read() as work:
        return list(work.session.exec(select(AnswerPhotograph)))


def reasons(clinic: Clinic) -> list[tuple[str, str]]:
    with clinic.workplace.read() as work:
        return [(letter.kind, letter.detail) for letter in dead_letters(work, WHOLE)]


def test_a_photograph_is_kept_sealed_beside_its_answer(
    clinic: Clinic, inbox: Inbox, envelopes: Envelopes, folder: ObjectFolder, terminal: Terminal,
    tmp_path: Path,
) -> None:  # fmt: skip
    outcome = inbox.store([terminal.press(), terminal.photograph(1, envelopes.public_key)])
    assert (outcome.stored, outcome.buried) == (2, 0)
    (row,) = kept(clinic)
    assert (row.device, row.answer_epoch, row.answer_sequence) == ("desk-1", 1, 1)
    assert (row.sha256, row.facility) == (sha256(PICTURE).hexdigest(), "north")
    sealed = folder.find(row.file or "")
    assert sealed is not None
    with clinic.workplace.read() as work:
        assert work.vault.open(sealed) == PICTURE
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert PICTURE[-200:] not in on_disk
    assert not any(signature in on_disk for signature in SIGNATURES)


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "apart"])
def test_either_may_come_first(
    clinic: Clinic, inbox: Inbox, envelopes: Envelopes, terminal: Terminal, together: bool
) -> None:
    answer, photograph = terminal.press(), terminal.photograph(1, envelopes.public_key)
    for batch in [[photograph, answer]] if together else [[photograph], [answer]]:
        assert inbox.store(batch).buried == 0
    assert len(kept(clinic)) == 1


def test_a_photograph_stays_with_an_answer_that_is_flagged_later(
    clinic: Clinic, inbox: Inbox, envelopes: Envelopes, terminal: Terminal
) -> None:
    inbox.store([terminal.press(), terminal.flag(1), terminal.photograph(1, envelopes.public_key)])
    assert len(kept(clinic)) == 1


Wrong = Callable[[Terminal, str], Delivery]
WRONG: dict[str, tuple[Wrong, str]] = {
    "another hash": (
        lambda terminal, key: terminal.photograph(1, key, sha256="0" * 64),
        receiving.OTHER_HASH,
    ),
    "sealed by another device": (
        lambda terminal, key: terminal.photograph(1, key, sealed_by="desk-2"),
        receiving.NOT_OPENED,
    ),
    "sealed with another answer": (
        lambda terminal, key: terminal.photograph(
            1, key, answer=Reference(epoch=terminal.epoch, sequence=77)
        ),
        receiving.NOT_OPENED,
    ),
    "sealed for another hub": (
        lambda terminal, _key: terminal.photograph(1, "09" * 32),
        receiving.NOT_OPENED,
    ),
    "sealed for another hub in this one's name": (
        lambda terminal, key: terminal.photograph(1, "09" * 32, key=key_name(key)),
        receiving.NOT_OPENED,
    ),
    "no picture": (
        lambda terminal, key: terminal.photograph(1, key, b"GIF89a"),
        receiving.NO_PICTURE,
    ),
    "another kind of picture": (
        lambda terminal, key: terminal.photograph(1, key, media_type="image/png"),
        receiving.NO_PICTURE,
    ),
    "of what is no answer": (
        lambda terminal, key: terminal.photograph(2, key),
        receiving.NO_ANSWER,
    ),
}


def test_what_is_not_what_it_says_is_refused_with_the_reason(
    clinic: Clinic, inbox: Inbox, envelopes: Envelopes, terminal: Terminal, tmp_path: Path
) -> None:
    inbox.store([terminal.press(), terminal.health()])
    wrong = [make(terminal, envelopes.public_key) for make, _ in WRONG.values()]
    outcome = inbox.store([*wrong, terminal.press()])
    assert (outcome.stored, outcome.buried) == (1, len(WRONG))
    assert outcome.confirmations[0][1].up_to == terminal.sequence
    expected = [("photograph", reason) for _, reason in WRONG.values()]
    assert reasons(clinic)[::-1] == expected
    assert kept(clinic) == []
    assert not (tmp_path / "answer-photographs").exists()


def test_an_answer_has_one_photograph(
    clinic: Clinic, inbox: Inbox, envelopes: Envelopes, terminal: Terminal
) -> None:
    first, second = (terminal.photograph(1, envelopes.public_key, sequence=n) for n in (2, 3))
    terminal.sequence = 0
    inbox.store([terminal.press(), first, second])
    assert [row.sequence for row in kept(clinic)] == [2]
    assert reasons(clinic) == [("photograph", receiving.SECOND)]
    assert inbox.store([first]).duplicates == 1


def test_no_terminal_brings_a_photograph_to_anothers_answer(
    clinic: Clinic, inbox: Inbox, envelopes: Envelopes, terminal: Terminal, clock: HeldClock
) -> None:
    """As itself it cannot name the other's answer; in the other's name it is refused."""
    inbox.store([terminal.press()])
    other = Terminal(clock, SOUTH)
    foreign = other.photograph(1, envelopes.public_key)
    stolen = Delivery(f"{terminal.at}/up/PhotoTaken", foreign.payload, clock.now_ms())
    assert inbox.store([stolen]).buried == 1
    assert reasons(clinic)[0][0] == "foreign_identity"
    moved = DeviceAddress("clinic", "south", terminal.at.device)
    clinic.enrol(moved)
    terminal.at = moved
    assert inbox.store([terminal.photograph(1, envelopes.public_key)]).buried == 1
    assert reasons(clinic)[0] == ("photograph", receiving.OTHER_PLACE)
    assert kept(clinic) == []


def test_a_refused_photograph_is_replayed_once_its_reason_is_gone(
    clinic: Clinic, inbox: Inbox, terminal: Terminal, folder: ObjectFolder, tmp_path: Path
) -> None:
    """Here the hub had lost its keys, and an operator has put them back."""
    found = Envelopes(tmp_path / "keys" / "found.keys")
    inbox.store([terminal.press(), terminal.photograph(1, found.public_key)])
    with clinic.workplace.read() as work:
        (letter,) = dead_letters(work, WHOLE)
    with pytest.raises(NotReplayable, match="does not open"):
        inbox.replay(WHOLE, letter.id)
    again = make_inbox(clinic.workplace, Listeners(), PhotographReceiver(found, folder))
    again.replay(WHOLE, letter.id)
    assert len(kept(clinic)) == 1


def test_older_keys_open_what_is_still_on_its_way(
    clinic: Clinic, inbox: Inbox, terminal: Terminal, folder: ObjectFolder, tmp_path: Path
) -> None:
    path = tmp_path / "rotated.keys"
    before = Envelopes(path)
    path.write_text("ab" * 32 + "\n" + path.read_text())
    after = Envelopes(path)
    assert after.public_key != before.public_key
    newer = make_inbox(clinic.workplace, Listeners(), PhotographReceiver(after, folder))
    sent = [
        terminal.press(),
        terminal.press(),
        terminal.photograph(1, before.public_key),
        terminal.photograph(2, after.public_key),
    ]
    assert newer.store(sent).buried == 0


@pytest.mark.parametrize("content", ["", "not a key", "abcd"])
def test_a_file_without_keys_is_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "photographs.keys"
    path.write_text(content)
    with pytest.raises(KeysUnreadable, match=r"photographs\.keys"):
        Envelopes(path)
    assert path.read_text() == content
