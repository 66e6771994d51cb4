"""The steps of an update that disturb nobody: judged by its signatures and our own rules, fetched, built in its slot.

Installing waits for the window, by the clocks of the facility, and for a terminal at which nobody is.
"""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from contract.jobs import UpdateJob
from edge.fleet.hub_client import HubFailure
from edge.fleet.updates.downloading import Corrupt
from edge.fleet.updates.fetching import fetch, require_room
from edge.fleet.updates.pacing import Cap, Stopped, spread_s
from edge.fleet.updates.record import RecordFile, Step, Trial, Underway
from edge.fleet.updates.rules import refusal
from edge.fleet.updates.settings import UpdatesSettings
from edge.fleet.updates.slots import NotInstalled, Slots
from edge.fleet.updates.sources import FolderSource, NotThere, Source
from edge.fleet.updates.store import WheelStore
from edge.fleet.updates.terminal import ThisTerminal
from edge.fleet.updates.trust import Catalogue, Expired, NotReached, NotTrusted, Trust
from edge.fleet.updates.windows import UnknownZone, is_open

LOOK_S = 0.5
"""Whether somebody is there."""


class Later(Exception):
    """Not now; `wait_s` says when to look again, None after ever longer pauses."""

    def __init__(self, reason: str, wait_s: float | None = None, *, is_alarm: bool = False) -> None:
        super().__init__(reason)
        self.wait_s = wait_s
        self.is_alarm = is_alarm


class Refusal(Exception):
    """Never: the text says why. An alarm is what somebody forged, replayed or withheld."""

    def __init__(
        self,
        step: str,
        reason: str,
        *,
        outcome: Literal["done", "rejected", "failed"] = "rejected",
        is_alarm: bool = False,
    ) -> None:
        super().__init__(reason)
        self.step = step
        self.outcome = outcome
        self.is_alarm = is_alarm


class Preparation:
    """Takes an update to the point where only a start is missing."""

    def __init__(
        self,
        terminal: ThisTerminal,
        record: RecordFile,
        *,
        trust: Trust,
        store: WheelStore,
        slots: Slots,
        folder: Path,
        hub: Source | None,
        near: Sequence[Source],
        settings: UpdatesSettings,
        interrupt: threading.Event,
    ) -> None:
        self._terminal = terminal
        self._record = record
        self._trust = trust
        self._store = store
        self._slots = slots
        self._folder = folder
        self._hub = hub
        self._near = near
        self._settings = settings
        self._interrupt = interrupt
        self._since: tuple[str, float] = ("", 0.0)

    def advance(self, underway: Underway) -> None:
        """One step. Refusal, Later, Stopped or OSError: it was not taken."""
        if underway.step != "judging" and underway.judged_by != self._terminal.slot:
            self._go_on(
                underway, "judging"
            )  # by a version that does not run any more, and may have been newer
            return
        match underway.step:
            case "judging":
                self._judge(underway)
            case "fetching":
                self._fetch(underway)
            case "waiting":
                self.await_leave(underway.job)
                self._go_on(underway, "installing")
            case _:
                self._install(underway)

    def look(self) -> None:
        """Read the hub's signed metadata for its own sake."""
        if self._hub is not None:
            self._refresh(self._hub)

    def await_leave(self, job: UpdateJob) -> None:
        """Later: the window is closed, the clock is wrong, or somebody is at the terminal."""
        now_ms = self._terminal.clock.stamp().wall_ms
        if job.windows and now_ms < self._record.now.time_floor_ms:
            raise Later("the clock is behind; no window is open by it", LOOK_S)
        try:
            if not is_open(job.windows, now_ms):
                raise Later("the window is closed", LOOK_S)
        except UnknownZone as error:
            raise Refusal("window", str(error)) from error
        if self._terminal.quiet_s() < self._settings.quiet_s:
            raise Later("somebody is at the terminal", LOOK_S)

    def tidy(self) -> None:
        """Keep what runs, what ran before, and their wheels; the rest makes room."""
        record = self._record.now
        kept = [slot for slot in (record.good, record.previous, self._terminal.slot) if slot]
        if record.trial is not None or record.underway is not None:
            return
        self._slots.forget_all_but(kept)
        self._store.forget_all_but({one for slot in kept for one in self._slots.digests(slot)})

    def _judge(self, underway: Underway) -> None:
        job, record = underway.job, self._record.now
        catalogue = self._refresh(self._source(underway))
        try:
            release, lock = catalogue.release(job.channel, job.release)
            wheels = tuple(catalogue.wheels(job.channel, release))
        except NotTrusted as error:
            raise Refusal("signatures", str(error), is_alarm=True) from error
        except NotReached as error:
            raise Later(str(error)) from error
        judged = {"release": release, "lock": lock, "wheels": wheels}
        found = underway.model_copy(update={**judged, "judged_by": self._terminal.slot})
        if found.slot == self._terminal.slot:
            raise Refusal("installed", "it runs already", outcome="done")
        if (why := record.bad.get(found.slot)) is not None:
            raise Refusal("quarantine", f"it has failed here before: {why}")
        sentence = refusal(
            release,
            until_ms=catalogue.until_ms,
            running=self._terminal.version,
            hardware=self._terminal.hardware,
            security_floor=record.security_floor,
        )
        if sentence is not None:
            raise Refusal("rules", sentence)
        self._go_on(found, "fetching")

    def _fetch(self, underway: Underway) -> None:
        job = underway.job
        if underway.lock is None:
            raise Refusal("error", "nothing is known of it", outcome="failed")
        if underway.stick is None:
            self._spread(job)
        files = [underway.lock, *underway.wheels]
        missing = self._store.missing(files)
        fresh = not self._slots.is_whole(underway.slot)
        reserve = self._settings.reserve_mb * 1_000_000
        require_room(self._folder, missing, underway.wheels if fresh else (), reserve)
        near = () if underway.stick is not None else self._near
        cap = Cap(job.bytes_per_s, self._interrupt)
        try:
            fetch(missing, self._store, near, self._source(underway), cap)
        except Corrupt as error:
            raise Refusal("corrupt", str(error), outcome="failed", is_alarm=True) from error
        except (HubFailure, NotThere) as error:
            raise Later(str(error)) from error
        self._go_on(underway, "waiting")

    def _install(self, underway: Underway) -> None:
        if underway.lock is None:
            raise Refusal("error", "nothing is known of it", outcome="failed")
        files = [underway.lock, *underway.wheels]
        if self._store.missing(files):
            self._go_on(underway, "fetching")
            return
        lock, *wheels = (self._store.path(file) for file in files)
        try:
            self._slots.install(underway.slot, lock, wheels)
        except NotInstalled as error:
            raise Refusal("install", str(error), outcome="failed") from error
        switching = underway.model_copy(
            update={"step": "switching", "before": self._terminal.test.now()}
        )
        self._record.change(
            underway=switching, trial=Trial(slot=underway.slot), good=self._terminal.slot
        )

    def _spread(self, job: UpdateJob) -> None:
        """From when this run first saw the job; Stopped when that is cut short."""
        if self._since[0] != job.job:
            self._since = (job.job, time.monotonic())
        left_s = self._since[1] + spread_s(self._terminal.device, job.job, job.spread_s)
        left_s -= time.monotonic()
        if left_s > 0 and self._interrupt.wait(left_s):
            raise Stopped

    def _refresh(self, source: Source) -> Catalogue:
        now_ms, record = self._terminal.clock.stamp().wall_ms, self._record.now
        try:
            catalogue, proved_ms = self._trust.refresh(source, now_ms, record.time_floor_ms)
        except Expired as error:
            if isinstance(source, FolderSource):  # nobody will sign it anew
                raise Refusal("signatures", f"expired: {error}", is_alarm=True) from error
            raise Later(f"expired: {error}", is_alarm=True) from error
        except NotTrusted as error:
            raise Refusal("signatures", str(error), is_alarm=True) from error
        except NotReached as error:
            raise Later(str(error)) from error
        if proved_ms > record.time_floor_ms:
            self._record.change(time_floor_ms=proved_ms)
        return catalogue

    def _source(self, underway: Underway) -> Source:
        if underway.stick is not None:
            if not Path(underway.stick).is_dir():
                raise Refusal("stick", "the stick is gone", outcome="failed")
            return FolderSource(Path(underway.stick))
        if self._hub is None:
            raise Refusal("hub", "the terminal does not know its hub's address")
        return self._hub

    def _go_on(self, underway: Underway, step: Step) -> None:
        self._record.change(underway=underway.model_copy(update={"step": step}))
