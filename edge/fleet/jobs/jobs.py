"""What the hub asks of this terminal, read from the retained document and done once.

Each job is judged alone: one that cannot be understood, comes too late or is nothing for this terminal is reported as
rejected, and the next one is done. How something is done is its handler's affair.
"""

import hashlib
import json
import queue
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from pydantic import ValidationError

from contract.codec import DecodeError, read_document
from contract.jobs import Job, OpenJobs, read
from contract.messages import JobReported
from edge.clock import Clock
from edge.fleet.jobs.handling import Handler, Report
from edge.fleet.jobs.memory import ENDS, NOT_OURS, JobMemory, Outcome, Said
from edge.outbox import Draft, Stored
from edge.sayable import sayable

log = structlog.get_logger()

UNREADABLE = "unreadable"
SAY_AGAIN_AFTER_S = 30.0
"""An end that could not be stored."""

Submit = Callable[[list[Draft]], "Future[list[Stored]]"]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")


class Jobs:
    """The thread that begins jobs. `take` may be called from any thread, also before `start`."""

    def __init__(
        self,
        memory: JobMemory,
        clock: Clock,
        handlers: Mapping[str, Handler],
        *,
        say_again_s: float = SAY_AGAIN_AFTER_S,
    ) -> None:
        self._say_again_s = say_again_s
        self._memory = memory
        self._clock = clock
        self._handlers = handlers
        self._submit: Submit | None = None
        self._documents: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._told: set[str] = set()
        """Ends that this run has said."""
        self._untold: dict[str, Said] = {}
        """Ends for which the disk had no room."""
        self._is_cut_short = False
        """The disk had no room to remember that a job of the latest document is begun."""
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def take(self, payload: bytes) -> None:
        """The document as it has arrived; an empty one asks for nothing and changes nothing."""
        if payload:
            self._documents.put(payload)

    def start(self, submit: Submit) -> None:
        """Go on with what was begun, then do what is asked; reports go to `submit`."""
        self._submit = submit
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more; what is under way may take a moment."""
        self._documents.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def _run(self) -> None:
        for key, begun in self._memory.begun.items():
            handler = self._handlers.get(begun.job.kind)
            report = _Reports(self._note, key, key)
            if handler is None:
                report("failed", "resume", NOT_OURS)
            else:
                self._guarded(report, partial(handler.resume, begun, report))
        payload: bytes | None = b""
        while payload is not None:
            try:
                payload = self._documents.get(timeout=self._say_again_s)
                is_new = True
            except queue.Empty:
                self._look_after(self._say_again)
                is_new = self._is_cut_short
            if payload and is_new:
                self._look_after(partial(self._judge_document, payload))

    def _look_after(self, action: Callable[[], None]) -> None:
        """Whatever is wrong with one document, the next one is read."""
        try:
            action()
        except Exception:
            log.exception("jobs_failed")

    def _judge_document(self, payload: bytes) -> None:
        self._is_cut_short = False
        try:
            document = read_document(OpenJobs, payload)
        except DecodeError as error:
            self._reject(_digest(payload), UNREADABLE, "document", str(error))
            return
        asked = []
        for given in document.jobs:
            try:
                asked.append(read(given))
            except ValidationError as error:
                self._reject(_digest(_canonical(given)), _name_of(given), "document", _fault(error))
        names = {job.job for job in asked}
        for key, begun in self._memory.begun.items():
            handler = self._handlers.get(begun.job.kind)
            if key not in names and handler is not None:
                self._look_after(partial(handler.take_back, key))
        for job in asked:
            self._judge(job)

    def _judge(self, job: Job) -> None:
        ended = self._memory.end(job.job)
        handler = self._handlers.get(job.kind)
        if ended is not None:
            if job.job not in self._told:  # in this run: it may have been cut off before it said so
                self._end(job.job, ended)
        elif job.job in self._memory.begun:
            return
        elif handler is None:
            self._reject(job.job, job.job, "kind", f"kind: no {job.kind} on this terminal")
        elif self._is_late(job):
            self._reject(job.job, job.job, "late", "until_ms: its time had passed when it arrived")
        else:
            self._begin(job, handler)

    def _begin(self, job: Job, handler: Handler) -> None:
        report = _Reports(self._note, job.job, job.job)
        try:
            with self._lock:
                self._memory.begin(job, self._clock.stamp().boot_id)
        except OSError as error:  # what cannot be remembered would be done again and again
            log.error("job_not_begun", job=job.job, reason=str(error))
            self._is_cut_short = True
            return
        log.info("job_begun", job=job.job, kind=job.kind)
        self._guarded(report, partial(handler.begin, job, report))

    def _guarded(self, report: Report, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:
            log.exception("job_failed")
            report("failed", "error", type(error).__name__)

    def _is_late(self, job: Job) -> bool:
        """By a clock that can be trusted; the hub itself takes back what is late."""
        now = self._clock.stamp()
        return now.synchronised and now.wall_ms > job.until_ms

    def _reject(self, key: str, name: str, step: str, reason: str) -> None:
        if self._memory.end(key) is None:
            log.warning("job_rejected", job=name, step=step)
            _Reports(self._note, key, name)("rejected", step, reason)

    def _note(self, key: str, said: Said) -> None:
        with self._lock:
            if self._memory.end(key) is not None:
                return
            if said.outcome in ENDS:
                self._end(key, said)
            else:
                self._say(said)

    def _end(self, key: str, said: Said) -> None:
        """Remembered before it is said: a terminal that is cut off in between says it when it is asked again."""
        try:
            if self._memory.end(key) is None:
                self._memory.finish(key, said)
        except OSError as error:
            log.error("job_end_not_kept", job=said.job, reason=str(error))
            self._untold[key] = said
            return
        self._untold.pop(key, None)
        self._told.add(key)
        self._say(said).add_done_callback(partial(self._note_told, key, said))

    def _say(self, said: Said) -> "Future[list[Stored]]":
        assert self._submit is not None  # noqa: S101 - whoever reports has been begun by the thread
        draft = Draft(JobReported, self._clock.stamp(), said.model_dump(exclude_none=True))
        return self._submit([draft])

    def _note_told(self, key: str, said: Said, stored: "Future[list[Stored]]") -> None:
        if stored.cancelled() or stored.exception() is not None:
            log.warning("job_end_not_told", job=said.job)
            self._untold[key] = said

    def _say_again(self) -> None:
        for key, said in list(self._untold.items()):
            with self._lock:
                self._end(key, said)


@dataclass(frozen=True, slots=True)
class _Reports:
    """Of one job; `key` is what it is remembered by, `name` what the hub calls it."""

    note: Callable[[str, Said], None]
    key: str
    name: str

    def __call__(
        self, outcome: Outcome, step: str, reason: str = "", release: str | None = None
    ) -> None:
        if release is not None and _NAME.fullmatch(release) is None:
            release = None
        reason = sayable(reason)
        said = Said(job=self.name, outcome=outcome, step=step, reason=reason, release=release)
        self.note(self.key, said)


def _name_of(given: Any) -> str:
    name = given.get("job") if isinstance(given, dict) else None
    return name if isinstance(name, str) and _NAME.fullmatch(name) else UNREADABLE


def _fault(error: ValidationError) -> str:
    """The first fault, by field; never the value."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"].startswith("union_tag"):
        return "kind: not a kind of job that this version knows"
    field = ".".join(str(part) for part in first["loc"][1:])  # behind the kind
    return f"{field or 'job'}: {first['msg']}"


def _canonical(given: Any) -> bytes:
    return json.dumps(given, sort_keys=True).encode()


def _digest(content: bytes) -> str:
    return f"{UNREADABLE}-{hashlib.sha256(content).hexdigest()[:32]}"
