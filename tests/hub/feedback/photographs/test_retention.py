"""Photographs are deleted when their time is over, by whichever policy is stricter, and it is remembered."""

import os
from pathlib import Path

import pytest
from sqlmodel import select

from contract.photographs import Policy
from hub.core.dead_letters import dead_letters
from hub.core.inbox import Inbox
from hub.core.objects import ObjectFolder
from hub.feedback.photographs import policies
from hub.feedback.photographs.envelopes import Envelopes
from hub.feedback.photographs.retention import PhotographRetention
from hub.feedback.photographs.tables import AnswerPhotograph
from tests.fakes.clock import HeldClock
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.terminal import Terminal

DAY_MS = 24 * 3_600_000


@pytest.fixture
def retention(clinic: Clinic, folder: ObjectFolder, clock: HeldClock) -> PhotographRetention:
    return PhotographRetention(clinic.workplace, folder, clock)


@pytest.fixture
def taken(inbox: Inbox, terminal: Terminal, envelopes: Envelopes) -> None:
    """One photograph with its answer, kept for thirty days."""
    inbox.store([terminal.press(), terminal.photograph(1, envelopes.public_key)])


def only(clinic: Clinic) -> AnswerPhotograph:
    with clinic.workplace.read() as work:
        return work.session.exec(select(AnswerPhotograph)).one()


def keep_for(clinic: Clinic, days: int, seen: int = 0) -> None:
    with clinic.workplace.begin() as work:
        policies.change(work, WHOLE, "north", Policy.FULL, days, seen=seen, by="eva")


@pytest.mark.usefixtures("taken")
def test_deleted_when_its_time_is_over_and_not_before(
    clinic: Clinic, clock: HeldClock, retention: PhotographRetention, folder: ObjectFolder,
    tmp_path: Path,
) -> None:  # fmt: skip
    file = only(clinic).file
    clock.move(days=30, ms=-1)
    assert not retention.delete_due()
    assert folder.find(file or "") is not None
    clock.move(ms=1)
    assert not retention.delete_due()
    row = only(clinic)
    assert (row.file, row.deleted_ms) == (None, clock.now_ms())
    assert list((tmp_path / "answer-photographs").iterdir()) == []


@pytest.mark.usefixtures("taken")
def test_a_shorter_time_counts_for_what_is_there_a_longer_one_does_not(
    clinic: Clinic, clock: HeldClock, retention: PhotographRetention
) -> None:
    keep_for(clinic, 60)
    clock.move(days=8)
    retention.delete_due()
    assert only(clinic).deleted_ms is None
    keep_for(clinic, 7, seen=1)
    retention.delete_due()
    assert only(clinic).deleted_ms is not None


@pytest.mark.usefixtures("taken")
def test_nobody_keeps_it_longer_than_its_patient_was_told(
    clinic: Clinic, clock: HeldClock, retention: PhotographRetention
) -> None:
    keep_for(clinic, 60)
    clock.move(days=30)
    retention.delete_due()
    assert only(clinic).deleted_ms is not None


def test_a_refused_photograph_is_emptied_after_the_same_time(
    clinic: Clinic, inbox: Inbox, clock: HeldClock, retention: PhotographRetention,
    terminal: Terminal,
) -> None:  # fmt: skip
    keep_for(clinic, 3)
    inbox.store([terminal.press(), terminal.photograph(1, "09" * 32)])
    clinic.garble(b"something else")
    for days, empty in ((3, False), (1, True)):
        clock.move(days=days)
        retention.tidy()
        with clinic.workplace.read() as work:
            other, letter = dead_letters(work, WHOLE)
        assert (letter.payload == b"", letter.truncated) == (empty, empty)
        assert other.payload == b"something else"


@pytest.mark.usefixtures("taken")
def test_a_file_that_no_photograph_is_in_is_deleted_after_a_while(
    clinic: Clinic, clock: HeldClock, retention: PhotographRetention, folder: ObjectFolder,
    tmp_path: Path,
) -> None:  # fmt: skip
    """A crash between writing it and committing leaves one behind."""
    now_s = clock.now_ms() / 1000
    stray, young = folder.keep(b"stray"), folder.keep(b"young")
    for name, age_s in ((stray, 7200), (young, 60), (only(clinic).file or "", 7200)):
        os.utime(tmp_path / "answer-photographs" / name, (now_s - age_s, now_s - age_s))
    retention.tidy()
    left = {path.name for path in (tmp_path / "answer-photographs").iterdir()}
    assert left == {young, only(clinic).file}
