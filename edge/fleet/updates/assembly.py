"""A terminal's updates, joined. There are none where the launcher did not start the agent, or nothing is believed."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from edge.clock import Clock
from edge.fleet.health.finding import Finding
from edge.fleet.hub_client import HubClient, HubLogin
from edge.fleet.launcher import SLOT
from edge.fleet.updates.downloading import download
from edge.fleet.updates.preparing import Preparation
from edge.fleet.updates.record import RecordFile, slot_name
from edge.fleet.updates.rules import contradiction
from edge.fleet.updates.settings import UpdatesSettings
from edge.fleet.updates.sharing import Sharing
from edge.fleet.updates.slots import Slots
from edge.fleet.updates.sources import FolderSource, HubSource, PeerSource
from edge.fleet.updates.store import WheelStore
from edge.fleet.updates.terminal import ThisTerminal, hardware_kinds
from edge.fleet.updates.trial import SelfTest, Submit
from edge.fleet.updates.trust import NotTrusted, Trust
from edge.fleet.updates.trying import Trying
from edge.fleet.updates.updater import Updater

log = structlog.get_logger()

WHEELS, METADATA = "wheels", "tuf"


@dataclass(frozen=True, slots=True)
class Updates:
    """The updater, and the server of wheels where the site has one."""

    updater: Updater
    sharing: Sharing | None

    def check(self) -> list[Finding]:
        """As a health check."""
        return self.updater.check()

    def start(self, submit: Submit) -> None:
        """Go on with what was under way."""
        self.updater.start(submit)
        if self.sharing is not None:
            self.sharing.start()

    def stop(self) -> None:
        """Leave what is under way to the next run."""
        self.updater.stop()
        if self.sharing is not None:
            self.sharing.stop()


def make_updates(
    folder: Path,
    settings: UpdatesSettings | None,
    *,
    device: str,
    version: str,
    clock: Clock,
    hub: HubClient | None,
    quiet_s: Callable[[], float],
    start_anew: Callable[[], None],
    test: SelfTest,
) -> Updates | None:
    """None where this terminal is not updated."""
    slot = os.environ.get(SLOT)
    if settings is None or slot is None:
        return None
    try:
        root = (folder / settings.root).read_bytes()
    except OSError as error:
        log.error("updates_off", reason=str(error))
        return None
    kinds = settings.hardware or hardware_kinds()
    terminal = ThisTerminal(device, slot, version, kinds, clock, quiet_s, start_anew, test)
    record, store, interrupt = RecordFile(folder), WheelStore(folder / WHEELS), threading.Event()
    preparation = Preparation(
        terminal,
        record,
        trust=Trust(folder / METADATA, root),
        store=store,
        slots=Slots(folder),
        folder=folder,
        hub=HubSource(hub) if hub else None,
        near=[PeerSource(HubClient(HubLogin(address))) for address in settings.peers],
        settings=settings,
        interrupt=interrupt,
    )
    trying = Trying(terminal, record, preparation, settings, interrupt)
    updater = Updater(
        terminal,
        record,
        preparation=preparation,
        trying=trying,
        settings=settings,
        interrupt=interrupt,
    )
    return Updates(updater, make_sharing(store, settings.share_port))


def make_sharing(store: WheelStore, port: int | None) -> Sharing | None:
    """None where the port is taken, too: others can do without us, patients cannot."""
    try:
        return None if port is None else Sharing(store, port)
    except OSError as error:
        log.error("wheels_not_lent", port=port, reason=str(error))
        return None


def install_first(folder: Path, repository: Path, root: bytes, channel: str, version: str) -> str:
    """Install a release where there is none yet, from a bundle, as when a card is made; returns its slot.

    NotTrusted, NotReached, Corrupt, NotThere, NotInstalled or OSError: nothing was installed.
    """
    record, store, slots = RecordFile(folder), WheelStore(folder / WHEELS), Slots(folder)
    source, now_ms = FolderSource(repository), int(datetime.now(UTC).timestamp() * 1000)
    catalogue, proved_ms = Trust(folder / METADATA, root).refresh(source, now_ms, 0)
    release, lock = catalogue.release(channel, version)
    if (sentence := contradiction(release, catalogue.until_ms)) is not None:
        raise NotTrusted(sentence)
    wheels = catalogue.wheels(channel, release)
    for file in [lock, *wheels]:
        download(file, store.path(file), source, lambda _count: None)
    slot = slot_name(version, lock)
    slots.install(slot, store.path(lock), [store.path(wheel) for wheel in wheels])
    record.change(good=slot, time_floor_ms=proved_ms, security_floor=release.security_floor)
    return slot
