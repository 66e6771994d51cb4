"""The loop that hears presses: rules, disk, lamp, in this order.

Everything that the drivers say comes through one queue into one thread. All that waits is stored in one transaction;
only when that is durable does a lamp say thank you. If it cannot be stored the lamp says so, and nobody is thanked.
"""

import queue
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from uuid import uuid4

import structlog

from contract.documents import DeviceState
from contract.messages import (
    DeviceBorn,
    PressesFlagged,
    Reference,
)
from edge.buttons.mapping import PanelMapping
from edge.buttons.port import Contact, Lamps, PanelFact
from edge.buttons.presses import Alert, Bounce, Pressed, PressRules, Reflag
from edge.clock import Clock
from edge.fleet.health.panels import PanelHealth
from edge.fleet.quiet import Quiet
from edge.meaning import Meanings
from edge.outbox import Draft, NotStored, Outbox, Stored
from edge.rota import Rota
from edge.screen.port import Questions
from edge.shutter import Shutter

log = structlog.get_logger()

AT_ONCE = 100
"""Events of one transaction."""
REMEMBERED_PRESSES = 256
"""Presses that a later flag may still name; the longest rule looks back ten seconds."""
TICK_S = 1.0


class DriverEnded(Exception):
    """Panels are no longer read. The agent ends, and whoever supervises it starts it anew."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Messages that somebody waits for."""

    drafts: list[Draft]
    stored: "Future[list[Stored]]" = field(default_factory=Future)


Event = Contact | PanelFact | Draft | Submission


class Agent:
    """The terminal's main loop. `hear` may be called from any thread."""

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        *,
        mapping: PanelMapping,
        lamps: Lamps,
        rota: Rota,
        panels: PanelHealth,
        software: str,
        hardware: str,
        questions: Questions | None = None,
        shutter: Shutter | None = None,
        quiet: Quiet | None = None,
    ) -> None:
        self._quiet = quiet
        self.instance = uuid4().hex
        self._outbox = outbox
        self._rules = PressRules(is_open=lambda at_ns: rota.is_open(clock.stamp(at_ns)))
        self._meanings = Meanings(mapping, rota, clock, questions, shutter)
        self._lamps = lamps
        self._clock = clock
        self._rota = rota
        self._panels = panels
        self._software = software
        self._hardware = hardware
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._told: OrderedDict[int, Stored] = OrderedDict()
        self._refused = 0
        self._ended = False
        self._identity_stopped = False

    def hear(self, event: Contact | PanelFact | Draft) -> None:
        """A driver's contact or fact, or a message of another part of the terminal."""
        self._events.put(event)

    def submit(self, drafts: list[Draft]) -> "Future[list[Stored]]":
        """Store these together; the future is done once they are durable, or fails with NotStored.

        For whoever must not thank before the answer is on disk, as the touch screen must not.
        """
        submission = Submission(drafts)
        self._events.put(submission)
        return submission.stored

    def stop(self) -> None:
        """End the loop once everything heard so far is stored."""
        self._events.put(None)

    def run(self, after_each: Callable[[bool], None]) -> None:
        """Until stopped. `after_each(stored)` is called after every round, at least once a second."""
        self._store([self._birth()])
        after_each(True)
        while not self._ended:
            events = self._take()
            stored = self._deal_with(events) if events else False
            for outcome in self._rules.tick(self._clock.monotonic_ns()):
                if isinstance(outcome, PanelFact):
                    self._panels.note(outcome)
            after_each(stored)

    def state(self, *, online: bool) -> DeviceState:
        """What the terminal says of itself on `state`."""
        if not online:
            return DeviceState(online=False, instance=self.instance)
        try:
            depth = self._outbox.depth()
        except NotStored:
            return DeviceState(online=True, instance=self.instance, refused=self._refused)
        return DeviceState(
            online=True,
            instance=self.instance,
            epoch=depth.epoch,
            highest=depth.highest,
            pending=depth.rows,
            refused=self._refused,
            software=self._software,
            time=self._clock.stamp(),
        )

    def identity_stopped(self, stopped: bool) -> None:
        """Another terminal has our identity, or no more. Answers go on being kept; staff are called."""
        if stopped != self._identity_stopped:
            self._identity_stopped = stopped
            log.error("identity_stopped", stopped=stopped)
            self._lamps.attention(stopped)

    def _take(self) -> list[Event]:
        events: list[Event] = []
        try:
            event = self._events.get(timeout=TICK_S)
            while event is not None:
                events.append(event)
                if len(events) >= AT_ONCE:
                    return events
                event = self._events.get_nowait()
            self._ended = True
        except queue.Empty:
            pass
        return events

    def _deal_with(self, events: list[Event]) -> bool:
        presses: list[Pressed] = []
        reflags: list[Reflag] = []
        drafts: list[Draft] = []
        stored = False
        for event in events:
            if isinstance(event, PanelFact):
                self._panels.note(event)
                if event.kind == "ended":
                    raise DriverEnded(event.detail)
            elif isinstance(event, Draft):
                drafts.append(event)
            elif isinstance(event, Submission):
                stored = self._store_submission(event) or stored
            else:
                self._apply_rules(event, presses, reflags)
        stored = self._store_presses(presses) or stored
        flags = [draft for reflag in reflags if (draft := self._flag_draft(reflag)) is not None]
        return self._store([*flags, *drafts]) or stored

    def _apply_rules(self, contact: Contact, presses: list[Pressed], reflags: list[Reflag]) -> None:
        self._panels.heard(contact.panel)
        if self._quiet is not None:
            self._quiet.disturb()
        for outcome in self._rules.contact(contact):
            match outcome:
                case Pressed():
                    presses.append(outcome)
                case Reflag():
                    reflags.append(outcome)
                case Bounce():
                    self._panels.count_bounce(outcome.panel)
                case Alert():
                    self._panels.note_storm(outcome.panel)
                case PanelFact():
                    self._panels.note(outcome)

    def _store_presses(self, presses: list[Pressed]) -> bool:
        """Disk first, then the lamps."""
        if not presses:
            return False
        drafts = [self._meanings.draft(press) for press in presses]
        try:
            stored = self._outbox.append(drafts)
        except NotStored as error:
            self._meanings.settle(drafts, stored=False)
            log.error("presses_not_stored", presses=len(presses), reason=str(error))
            self._refused += len(presses)
            for press in presses:
                self._lamps.refuse(press.panel)
            return False
        for press in presses:
            self._lamps.thank(press.panel)
        self._meanings.settle(drafts, stored=True)
        for press, number in zip(presses, stored, strict=True):
            self._told[press.number] = number
        _follow(drafts, stored)
        while len(self._told) > REMEMBERED_PRESSES:
            self._told.popitem(last=False)
        return True

    def _store_submission(self, submission: Submission) -> bool:
        """In a transaction of its own, so that one refusal is nobody else's."""
        if not submission.stored.set_running_or_notify_cancel():
            return False  # nobody waits any more, so nobody would be thanked
        try:
            stored = self._outbox.append(submission.drafts)
            submission.stored.set_result(stored)
        except NotStored as error:
            log.error("answers_not_stored", answers=len(submission.drafts), reason=str(error))
            self._refused += 1
            submission.stored.set_exception(error)
            return False
        except ValueError as error:  # a draft that makes no valid message
            submission.stored.set_exception(error)
            return False
        _follow(submission.drafts, stored)
        return True

    def _store(self, drafts: list[Draft]) -> bool:
        if not drafts:
            return False
        try:
            return bool(self._outbox.append(drafts))
        except NotStored as error:
            log.error("messages_not_stored", messages=len(drafts), reason=str(error))
            return False
        except ValueError:
            if len(drafts) == 1:
                log.exception("message_invalid")
                return False
        # One of them makes no valid message; the others do.
        return True in [self._store([draft]) for draft in drafts]

    def _flag_draft(self, reflag: Reflag) -> Draft | None:
        """None when none of the presses was stored."""
        told = [self._told[number] for number in reflag.presses if number in self._told]
        if not told:
            return None
        presses = [Reference(epoch=one.epoch, sequence=one.sequence) for one in told]
        return Draft(PressesFlagged, self._clock.stamp(), {"presses": presses, "flag": reflag.flag})

    def _birth(self) -> Draft:
        fields = {
            "instance": self.instance,
            "software": self._software,
            "hardware": self._hardware,
            "outbox": self._outbox.opened,
        }
        return Draft(DeviceBorn, self._clock.stamp(), fields)


def _follow(drafts: list[Draft], stored: list[Stored]) -> None:
    """What belongs to an answer comes after its thanks. Answers are stored all or none, so the numbers are theirs."""
    for draft, number in zip(drafts, stored, strict=True):
        if draft.once_stored is not None:
            draft.once_stored(number)
