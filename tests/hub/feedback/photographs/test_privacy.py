"""Photographs go when their time is over or their patient says so, with a record; and are handed over on request."""

import os
from base64 import b64decode
from pathlib import Path

import pytest
from sqlmodel import select

from hub.app import personal_holders
from hub.core.audit.tables import AuditEntry
from hub.core.dead_letters import dead_letters
from hub.core.inbox import Inbox
from hub.core.objects import ObjectFolder
from hub.core.privacy import retention
from hub.core.privacy.requests import erase, kept_of
from hub.core.privacy.retention import RetentionKeeper
from hub.feedback.photographs.envelopes import Envelopes
from hub.feedback.photographs.privacy import PhotographHolder
from hub.feedback.photographs.strays import StrayPhotographs
from hub.feedback.photographs.tables import AnswerPhotograph
from tests.fakes.clock import HeldClock
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.terminal import PHONE, PICTURE, Terminal

OTHER_VISIT = "00000000-0000-4000-8000-000000000009"


@pytest.fixture
def holder(folder: ObjectFolder) -> PhotographHolder:
    return PhotographHolder(folder)


@pytest.fixture
def keeper(clinic: Clinic, holder: PhotographHolder) -> RetentionKeeper:
    return RetentionKeeper(clinic.workplace, [holder], lambda _: [("clinic", "north")])


@pytest.fixture
def taken(inbox: Inbox, terminal: Terminal, envelopes: Envelopes) -> None:
    """One photograph with its answer."""
    inbox.store([terminal.press(), terminal.photograph(1, envelopes.public_key)])


def rows(clinic: Clinic) -> list[AnswerPhotograph]:
    with clinic.workplace.read() as work:
        return list(work.session.exec(select(AnswerPhotograph)))


def recorded(clinic: Clinic) -> list[tuple[str, str]]:
    with clinic.workplace.read() as work:
        entries = work.session.exec(select(AuditEntry)).all()
    return [(e.action, e.subject) for e in entries if "photograph" in e.subject]


def files(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "answer-photographs").iterdir()}


@pytest.mark.usefixtures("taken")
def test_deleted_when_its_time_is_over_and_not_before(
    clinic: Clinic, clock: HeldClock, keeper: RetentionKeeper, tmp_path: Path
) -> None:
    clock.move(days=30, ms=-1)
    keeper.step()
    assert files(tmp_path) == {rows(clinic)[0].file}
    clock.move(ms=1)
    keeper.step()
    (row,) = rows(clinic)
    assert (row.file, row.deleted_ms) == (None, clock.now_ms())
    assert files(tmp_path) == set()
    assert recorded(clinic) == [
        ("photograph.deleted", "photograph/desk-1/1/2"),
        ("retention.let_go", "retention/photographs"),
    ]
    keeper.step()
    assert len(recorded(clinic)) == 2


@pytest.mark.usefixtures("taken")
def test_a_facility_says_for_how_long(
    clinic: Clinic, clock: HeldClock, keeper: RetentionKeeper, holder: PhotographHolder
) -> None:
    with clinic.workplace.begin() as work:
        retention.keep(work, WHOLE, holder, "north", 7)
    clock.move(days=7)
    keeper.step()
    assert rows(clinic)[0].deleted_ms is not None


def test_a_refused_photograph_is_emptied_after_the_same_time(
    clinic: Clinic, inbox: Inbox, clock: HeldClock, keeper: RetentionKeeper, terminal: Terminal
) -> None:
    inbox.store([terminal.press(), terminal.photograph(1, "09" * 32)])
    clinic.garble(b"something else")
    for days, empty in ((30, False), (1, True)):
        clock.move(days=days)
        keeper.step()
        with clinic.workplace.read() as work:
            other, letter = dead_letters(work, WHOLE)
        assert (letter.payload == b"", letter.truncated) == (empty, empty)
        assert other.payload == b"something else"


def test_a_patients_photographs_are_handed_over_and_erased_with_their_number(
    clinic: Clinic, inbox: Inbox, envelopes: Envelopes, terminal: Terminal, folder: ObjectFolder,
    tmp_path: Path,
) -> None:  # fmt: skip
    inbox.store(
        [
            terminal.answer(),
            terminal.photograph(1, envelopes.public_key),
            terminal.contact(),
            terminal.answer(visit=OTHER_VISIT),
            terminal.photograph(4, envelopes.public_key, PICTURE + b"\0"),
        ]
    )
    holders = personal_holders(folder, folder)
    with clinic.workplace.begin() as work:
        (handed_over,) = kept_of(work, WHOLE, holders, PHONE)["photographs"]
    assert b64decode(handed_over["picture_base64"]) == PICTURE
    with clinic.workplace.begin() as work:
        assert kept_of(work, WHOLE, holders, "+34600999999")["photographs"] == []
        gone = erase(work, WHOLE, holders, PHONE)
    assert (gone["photographs"], gone["contacts"]) == (1, 1)
    theirs, another = sorted(rows(clinic), key=lambda row: row.sequence)
    assert (theirs.file, files(tmp_path)) == (None, {another.file})


@pytest.mark.usefixtures("taken")
def test_a_file_that_no_photograph_is_in_is_deleted_after_a_while(
    clinic: Clinic, clock: HeldClock, folder: ObjectFolder, tmp_path: Path
) -> None:
    """A crash between writing it and committing leaves one behind."""
    now_s = clock.now_ms() / 1000
    known = rows(clinic)[0].file or ""
    stray, young = folder.keep(b"stray"), folder.keep(b"young")
    for name, age_s in ((stray, 7200), (young, 60), (known, 7200)):
        os.utime(tmp_path / "answer-photographs" / name, (now_s - age_s, now_s - age_s))
    StrayPhotographs(clinic.workplace, folder, clock).delete()
    assert files(tmp_path) == {young, known}
