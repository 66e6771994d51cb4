"""The steps of an update around the start of the new version: the switch, the trial, and what becomes of it.

The agent that ends for the switch is the old one, the one that judges itself is the new one, and whichever runs in the
end reports. What the launcher has decided meanwhile, by counting, is in the record.
"""

import threading
import time

import structlog

from contract.releases import Release
from edge.fleet.jobs.memory import Outcome
from edge.fleet.updates.gate import Patience, Verdict, judge
from edge.fleet.updates.pacing import Stopped
from edge.fleet.updates.preparing import LOOK_S, Later, Preparation
from edge.fleet.updates.record import RecordFile, Underway
from edge.fleet.updates.rules import higher
from edge.fleet.updates.settings import UpdatesSettings
from edge.fleet.updates.terminal import ThisTerminal
from edge.fleet.updates.trial import Submit

log = structlog.get_logger()

END_S = 30.0

End = tuple[Outcome, str, str]
"""Outcome, step and reason of the whole update."""


class Trying:
    """Knows which of the two versions this one is."""

    def __init__(
        self,
        terminal: ThisTerminal,
        record: RecordFile,
        preparation: Preparation,
        settings: UpdatesSettings,
        interrupt: threading.Event,
    ) -> None:
        self._terminal = terminal
        self._record = record
        self._preparation = preparation
        self._settings = settings
        self._interrupt = interrupt
        self._began_s = time.monotonic()
        self._came_to_switch = _is_switching(record)
        self.submit: Submit | None = None

    def advance(self, underway: Underway) -> End | None:
        """One step; the end when there is one. Later, Stopped or OSError: it was not taken."""
        record = self._record.now
        why = record.bad.get(underway.slot)
        if underway.step == "staying" and why is None:
            return "done", "confirmed", underway.reason
        if record.trial is None:
            return "failed", "trial", why or underway.reason or "given up"
        if self._terminal.slot == underway.slot:
            self._try(underway)
        else:
            self._switch(underway)
        return None

    def _switch(self, underway: Underway) -> None:
        """End, so that the launcher starts the new version; once more only after a while."""
        since_s = time.monotonic() - self._began_s
        if self._came_to_switch and since_s < self._settings.again_s:
            raise Later("the new version was not started", self._settings.again_s - since_s)
        self._preparation.await_leave(underway.job)
        self._start_anew()

    def _try(self, underway: Underway) -> None:
        if underway.step != "trying":
            underway = underway.model_copy(update={"step": "trying"})
            self._record.change(underway=underway)
        if self.submit is not None:
            self._terminal.test.begin(self.submit)
        verdict, reason = self._judge(underway)
        if verdict == "wait":
            raise Later(reason, LOOK_S)
        if verdict == "go":
            self._give_up(underway, reason)
        else:
            self._stay(underway, underway.release, reason)

    def _judge(self, underway: Underway) -> tuple[Verdict, str]:
        try:
            evidence = self._terminal.test.evidence(underway.before)
        except Exception as error:
            log.exception("self_test_failed")
            return "go", f"its self-test ended with {type(error).__name__}"
        return judge(evidence, Patience(self._settings.settle_s, self._settings.limit_s))

    def _stay(self, underway: Underway, release: Release | None, reason: str) -> None:
        """One change of the record, so that there is no moment without a version that may run."""
        record = self._record.now
        floor, time_ms = record.security_floor, record.time_floor_ms
        if release is not None:
            floor, time_ms = higher(floor, release.security_floor), max(time_ms, release.built_ms)
        self._record.change(
            good=underway.slot,
            previous=record.good,
            left=None,
            trial=None,
            security_floor=floor,
            time_floor_ms=time_ms,
            underway=underway.model_copy(update={"step": "staying", "reason": reason}),
        )

    def _give_up(self, underway: Underway, reason: str) -> None:
        deadline_s = time.monotonic() + self._settings.farewell_s
        while self._terminal.quiet_s() < self._settings.quiet_s and time.monotonic() < deadline_s:
            if self._interrupt.wait(LOOK_S):
                raise Stopped
        self._record.change(
            trial=None,
            bad={**self._record.now.bad, underway.slot: reason},
            underway=underway.model_copy(update={"step": "going", "reason": reason}),
        )
        self._start_anew()

    def _start_anew(self) -> None:
        """The thread is stopped by it; if it is not, the step begins again."""
        self._terminal.start_anew()
        self._interrupt.wait(END_S)
        raise Stopped


def _is_switching(record: RecordFile) -> bool:
    underway = record.now.underway
    return underway is not None and underway.step == "switching"
