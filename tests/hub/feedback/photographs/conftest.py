"""A hub that takes photographs in: its keys, its folder, and a terminal at its north facility."""

from pathlib import Path

import pytest

from hub.core.inbox import Inbox
from hub.core.objects import ObjectFolder
from hub.feedback.photographs.envelopes import Envelopes
from hub.feedback.photographs.receiving import PhotographReceiver
from hub.ingest import make_inbox
from tests.fakes.clock import HeldClock
from tests.hub.clinic import Clinic
from tests.hub.terminal import Terminal


@pytest.fixture
def envelopes(tmp_path: Path) -> Envelopes:
    return Envelopes(tmp_path / "keys" / "photographs.keys")


@pytest.fixture
def folder(tmp_path: Path) -> ObjectFolder:
    return ObjectFolder(tmp_path / "answer-photographs")


@pytest.fixture
def inbox(clinic: Clinic, envelopes: Envelopes, folder: ObjectFolder) -> Inbox:
    """On the clinic's database, instead of the clinic's own."""
    clinic.inbox = make_inbox(
        clinic.workplace, clinic.listeners, PhotographReceiver(envelopes, folder)
    )
    return clinic.inbox


@pytest.fixture
def terminal(clock: HeldClock) -> Terminal:
    return Terminal(clock)
