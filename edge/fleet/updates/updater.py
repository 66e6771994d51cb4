"""Takes a release from a job to its end: judged, fetched, installed when nobody is there, tried, kept or given up.

Each step is on disk before it begins, and begins again after whatever cut it off. What a step does is in modules of its
own; here is their order, what is waited for, and what is reported.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass
from random import Random

import structlog

from contract.jobs import Job, UpdateJob
from edge.backoff import delay_s
from edge.fleet.health.finding import Finding
from edge.fleet.jobs.handling import Report
from edge.fleet.jobs.memory import Begun, Outcome
from edge.fleet.updates.pacing import Stopped
from edge.fleet.updates.preparing import Later, Preparation, Refusal
from edge.fleet.updates.record import RecordFile, Underway
from edge.fleet.updates.settings import UpdatesSettings
from edge.fleet.updates.sticks import look
from edge.fleet.updates.terminal import ThisTerminal
from edge.fleet.updates.trial import Submit
from edge.fleet.updates.trying import Trying

log = structlog.get_logger()

EARLY = ("judging", "fetching", "waiting")
"""Steps after which nothing is left that a newer job could not replace."""
RESUMED_WITHIN_S = 10.0
"""How long an end waits for the job's name to be taken up again after a start."""
REMEMBERED_STICKS = 50
UNEXPECTED_S = 30.0
"""After something that should not have happened."""


@dataclass(frozen=True, slots=True)
class _Said:
    outcome: Outcome
    step: str
    reason: str = ""


TAKEN_BACK = _Said("failed", "taken-back", "the hub asks for another release, or for none")


class Updater:
    """The thread that updates; a handler of jobs of the kind `update`."""

    def __init__(
        self,
        terminal: ThisTerminal,
        record: RecordFile,
        *,
        preparation: Preparation,
        trying: Trying,
        settings: UpdatesSettings,
        interrupt: threading.Event,
    ) -> None:
        self._terminal = terminal
        self._record = record
        self._preparation = preparation
        self._trying = trying
        self._settings = settings
        self._interrupt = interrupt
        self._random = Random()  # noqa: S311 - jitter
        self._asked: deque[UpdateJob] = deque()
        self._reports: dict[str, Report] = {}
        self._taken_back: set[str] = set()
        self._said: _Said | None = None
        self._failures = 0
        self._trouble = ""
        self._looked_s: float | None = None
        self._resumed = threading.Condition()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="updates", daemon=True)

    def start(self, submit: Submit) -> None:
        """Go on where an earlier run was cut off, then do what is asked; the test message goes to `submit`."""
        self._trying.submit = submit
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more. What is under way goes on in the next run."""
        self._stopping.set()
        self._interrupt.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    @property
    def is_trying(self) -> bool:
        """Whether a version is on trial, of which every start is counted."""
        return self._record.now.trial is not None

    def begin(self, job: Job, report: Report) -> None:
        """Take a job; a newer one replaces one that is not being installed yet."""
        if not isinstance(job, UpdateJob):
            raise TypeError(job.kind)
        self._take_up(job.job, report)
        self._asked.append(job)
        self._interrupt.set()

    def resume(self, begun: Begun, report: Report) -> None:
        """A job of an earlier run: our record may know how far it is."""
        underway = self._record.now.underway
        if underway is not None and underway.job.job == begun.job.job:
            self._take_up(begun.job.job, report)
        else:
            self.begin(begun.job, report)

    def take_back(self, job: str) -> None:
        """Forget it, unless it is being installed or tried."""
        self._taken_back.add(job)
        self._interrupt.set()

    def check(self) -> list[Finding]:
        """The health fact `updates`: signatures were refused, an update failed, or a version that was kept crashed."""
        if self._trouble:
            return [Finding("updates", "failure", detail=self._trouble, reason="refused")]
        record = self._record.now
        if record.left is not None:
            said = (
                f"{record.left}: {record.bad.get(record.left, '')}; the version before runs again"
            )
            return [Finding("updates", "failure", detail=said, reason="left")]
        return [Finding("updates", "ok")]

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._interrupt.clear()
            try:
                self._turn(self._record.now.underway)
            except Exception:  # a terminal whose updates have ended could not even be mended
                log.exception("updates_failed")
                self._interrupt.wait(UNEXPECTED_S)

    def _turn(self, underway: Underway | None) -> None:
        try:
            self._advance(underway)
            self._failures = 0
        except Stopped:
            return
        except Refusal as refusal:
            self._trouble = str(refusal) if refusal.is_alarm else self._trouble
            self._end(underway, _Said(refusal.outcome, refusal.step, str(refusal)))
        except (Later, OSError) as error:
            self._put_off(underway, error)
        except Exception as error:
            if underway is None:
                raise
            log.exception("update_failed")
            if self._record.now.trial is not None:
                self._put_off(underway, Later(type(error).__name__))
            else:
                self._end(underway, _Said("failed", "error", type(error).__name__))

    def _advance(self, underway: Underway | None) -> None:
        """One step, or a look whether there is anything to do."""
        if underway is None:
            self._find_work()
            return
        if underway.step in EARLY and self._is_void(underway):
            raise Refusal(TAKEN_BACK.step, TAKEN_BACK.reason, outcome="failed")
        if underway.step in (*EARLY, "installing"):
            self._report(underway, _Said("running", underway.step))
            self._preparation.advance(underway)
        else:
            said = self._trying.advance(underway)
            if said is not None:
                self._end(underway, _Said(*said))

    def _is_void(self, underway: Underway) -> bool:
        return underway.job.job in self._taken_back or bool(self._asked)

    def _find_work(self) -> None:
        while self._asked:
            job = self._asked.popleft()
            if job.job not in self._taken_back:
                self._said = None
                self._record.change(underway=Underway(job=job))
                return
            self._end_unbegun(job.job)
        record = self._record.now
        found = look(self._settings.sticks, record.sticks)
        if found is not None:
            job, folder = found
            sticks = (*record.sticks, job.job)[-REMEMBERED_STICKS:]
            self._record.change(underway=Underway(job=job, stick=str(folder)), sticks=sticks)
            return
        self._look_for_news()
        self._interrupt.wait(self._settings.pause_s)

    def _end_unbegun(self, job: str) -> None:
        """Taken back before it was on disk; without an end it would be remembered as begun for ever."""
        report = self._reports.pop(job, None)
        if report is not None:
            said = TAKEN_BACK
            report(said.outcome, said.step, said.reason, self._terminal.version)

    def _look_for_news(self) -> None:
        """Now and then, without being asked: time is proved by it, and who withholds or forges is noticed."""
        now_s = time.monotonic()
        if self._looked_s is not None and now_s - self._looked_s < self._settings.look_every_s:
            return
        first, self._looked_s = self._looked_s is None, now_s
        if first:  # a site whose power comes back does not ask all at once
            self._looked_s -= self._random.uniform(0, self._settings.look_every_s)
            return
        try:
            self._preparation.look()
            self._trouble = ""
        except Refusal as refusal:
            self._trouble = str(refusal)
        except Later as later:
            self._trouble = str(later) if later.is_alarm else self._trouble

    def _put_off(self, underway: Underway | None, error: Later | OSError) -> None:
        """It is tried again by itself, later each time it fails; waiting for people and clocks is no failure."""
        if isinstance(error, Later) and error.is_alarm:
            self._trouble = str(error)
        waits = isinstance(error, Later) and error.wait_s is not None
        self._failures += 0 if waits else 1
        if underway is not None:
            reason = str(error) if isinstance(error, Later) else (error.strerror or str(error))
            outcome: Outcome = "waiting" if underway.step in EARLY else "running"
            self._report(underway, _Said(outcome, underway.step, reason))
        wait_s = error.wait_s if isinstance(error, Later) else None
        self._interrupt.wait(delay_s(self._failures, self._random) if wait_s is None else wait_s)

    def _end(self, underway: Underway | None, said: _Said) -> None:
        """Report, then forget: whoever is killed in between reports it twice."""
        if underway is None:
            return
        log.info("update_ended", release=underway.job.release, outcome=said.outcome, step=said.step)
        if underway.stick is not None and said.outcome != "done":
            self._trouble = f"{underway.job.release}: {said.reason}"
        with self._resumed:
            self._resumed.wait_for(
                lambda: underway.stick is not None or underway.job.job in self._reports,
                RESUMED_WITHIN_S,
            )
        self._report(underway, said)
        try:
            self._record.change(underway=None)
            self._preparation.tidy()
        except OSError as error:
            log.error("update_end_not_kept", reason=str(error))
            self._interrupt.wait(self._settings.pause_s)
        if said.outcome == "done":
            self._trouble = ""
        self._reports.pop(underway.job.job, None)

    def _report(self, underway: Underway, said: _Said) -> None:
        """Each thing once."""
        if said == self._said:
            return
        self._said = said
        report = self._reports.get(underway.job.job)
        if report is not None:
            report(said.outcome, said.step, said.reason, self._terminal.version)

    def _take_up(self, job: str, report: Report) -> None:
        with self._resumed:
            self._reports[job] = report
            self._resumed.notify_all()
