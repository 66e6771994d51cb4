"""Tells every open page what has just been stored.

Events come from the thread that stored them, once a batch, and are handed to the event loop. There each is
serialised once, joined once for each scope, and waits in every reader's own bounded line. A reader that is too slow,
and all readers when more answers come than people can look at, are told to read the state again instead: nothing is
lost, because what is stored can always be read.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial

from hub.cases.alerts.still_here import AlertRaised
from hub.cases.events import CaseTouched
from hub.core.clock import Clock
from hub.core.metrics import Metrics
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.dashboards.frames import (
    HEARTBEAT,
    REFRESH,
    Frame,
    alert_frame,
    answer_frame,
    case_frame,
    conversation_frame,
    device_frame,
    flagged_frame,
    presence_frame,
)
from hub.feedback.events import PresenceRecorded, ResponsesFlagged, ResponsesRecorded
from hub.fleet.events import DeviceStateChanged
from hub.sms.events import ConversationMoved

HEARTBEAT_S = 15.0
LINE_FRAMES = 1000
ANSWERS_PER_SECOND = 500
"""To each page; beyond this a page shows the newest once a second."""


class Reader:
    """One open page or program; used on the event loop alone."""

    def __init__(self, scope: Scope, sees_answers: bool) -> None:
        self.scope = scope
        self.answers = scope.held(Permission.SEE_ANSWERS) if sees_answers else None
        self.already_told: frozenset[int] = frozenset()
        self._line: list[Frame] = []
        self._must_refresh = False
        self._ended = False
        self._woken = asyncio.Event()

    @property
    def sees_answers(self) -> bool:
        """Of any facility."""
        return self.answers is not None

    def offer(self, frames: list[Frame]) -> None:
        """Put frames into the line, or empty it when it has become too long."""
        if len(self._line) + len(frames) > LINE_FRAMES:
            self.refresh()
        else:
            self._line += frames
            self._woken.set()

    def refresh(self) -> None:
        """Have the state read again, instead of telling what waits."""
        self._line.clear()
        self._must_refresh = True
        self._woken.set()

    def end(self) -> None:
        self._ended = True
        self._woken.set()

    async def chunks(self) -> AsyncIterator[bytes]:
        """What to send, as it comes, or a heartbeat when nothing does; ends when the hub stops."""
        while not self._ended:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    await self._woken.wait()
            except TimeoutError:
                yield HEARTBEAT
                continue
            self._woken.clear()
            if chunk := self._taken():
                yield chunk

    def _taken(self) -> bytes:
        frames, self._line = self._line, []
        begin, self._must_refresh = REFRESH if self._must_refresh else b"", False
        return begin + b"".join(f.text for f in frames if f.answer not in self.already_told)


class Live:
    """All open pages of this process."""

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._loop: asyncio.AbstractEventLoop | None = None
        self._readers: set[Reader] = set()
        self._told_this_second = 0
        self._second: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Deliver on this loop from now on."""
        self._loop = loop

    def stop(self) -> None:
        """End every stream; called on the loop."""
        self._loop = None
        if self._second is not None:
            self._second.cancel()
        for reader in self._readers:
            reader.end()

    @contextmanager
    def reading(self, scope: Scope, sees_answers: bool) -> Iterator[Reader]:
        """A reader who is told everything of its scope from now on."""
        reader = Reader(scope, sees_answers)
        if self._loop is None:
            reader.end()
        self._readers.add(reader)
        self._metrics.sse_clients.set(len(self._readers))
        try:
            yield reader
        finally:
            self._readers.discard(reader)
            self._metrics.sse_clients.set(len(self._readers))

    def responses_recorded(self, event: ResponsesRecorded) -> None:
        """`after` listener, called from the storing thread."""
        self._hand_over(partial(self._deliver_answers, event, self._clock.now_ms()))

    def responses_flagged(self, event: ResponsesFlagged) -> None:
        """`after` listener."""
        frame = flagged_frame(event.facility, event.device, event.flag, event.responses)
        self._hand_over(partial(self._deliver, event.organisation, [frame], for_all=False))

    def presence_recorded(self, event: PresenceRecorded) -> None:
        """`after` listener."""
        frame = presence_frame(event.facility, event.approaches)
        self._hand_over(partial(self._deliver, event.organisation, [frame], for_all=False))

    def device_changed(self, event: DeviceStateChanged) -> None:
        """`after` listener."""
        frame = device_frame(event.facility, event.device)
        self._hand_over(partial(self._deliver, event.organisation, [frame], for_all=True))

    def case_touched(self, event: CaseTouched) -> None:
        """`after` listener."""
        frame = case_frame(event.facility, event.case_id)
        self._hand_over(partial(self._deliver, event.organisation, [frame], for_all=False))

    def alert_raised(self, event: AlertRaised) -> None:
        """`after` listener."""
        frame = alert_frame(event.facility, event.touchpoint)
        self._hand_over(partial(self._deliver, event.organisation, [frame], for_all=False))

    def conversation_moved(self, event: ConversationMoved) -> None:
        """`after` listener."""
        frame = conversation_frame(event.facility, event.campaign)
        self._hand_over(partial(self._deliver, event.organisation, [frame], for_all=False))

    def _hand_over(self, deliver: Callable[[], None]) -> None:
        loop = self._loop
        if loop is None or not self._readers:
            return  # whoever comes later reads what is stored
        try:
            loop.call_soon_threadsafe(deliver)
        except RuntimeError:
            return  # the loop has ended between the question and the call

    def _deliver_answers(self, event: ResponsesRecorded, stored_ms: int) -> None:
        if self._second is None and self._loop is not None:
            self._second = self._loop.call_later(1.0, self._begin_second)
        self._told_this_second += len(event.responses)
        if self._told_this_second > ANSWERS_PER_SECOND:
            return
        by_organisation: dict[str, list[Frame]] = {}
        for answer in event.responses:
            frame = answer_frame(answer._asdict(), stored_ms)
            by_organisation.setdefault(answer.organisation, []).append(frame)
        for organisation, frames in by_organisation.items():
            self._deliver(organisation, frames, for_all=False)

    def _begin_second(self) -> None:
        if self._told_this_second > ANSWERS_PER_SECOND:
            for reader in self._readers:
                if reader.sees_answers:
                    reader.refresh()
        self._told_this_second = 0
        self._second = None

    def _deliver(self, organisation: str, frames: list[Frame], *, for_all: bool) -> None:
        visible: dict[Scope, list[Frame]] = {}
        for reader in self._readers:
            scope = reader.scope if for_all else reader.answers
            if scope is None:
                continue
            if scope not in visible:
                visible[scope] = [f for f in frames if scope.covers(organisation, f.facility)]
            if visible[scope]:
                reader.offer(visible[scope])
