"""The screen's own state in a running terminal: what is touched goes in, what is shown comes out.

Joins the pure flow with the agent, which stores, and with whoever shows the documents. Decides nothing about phases;
sees to it that one event is dealt with at a time, whichever thread it comes from.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import structlog

from contract.documents import DesiredConfiguration
from contract.messages import Asked, ContactLeft, Message, Stamp, SurveyAnswered
from contract.messages.answers import OUT_OF_HOURS
from contract.photographs import Policy
from contract.surveys import MAY_WE_CALL
from edge.clock import Clock
from edge.fleet.health.glass import GlassHealth, Sign
from edge.outbox import Draft, OnceStored, Stored
from edge.rota import Rota
from edge.screen import events, flow
from edge.screen.browser import Page
from edge.screen.port import Claim
from edge.screen.requests import Shown, understood
from edge.screen.roster import Day, OnDuty, on_duty
from edge.screen.staff_corner import StaffCorner
from edge.screen.view import Ambience, Document, Stage, draw
from edge.shutter import NO_NOTICE, Shutter

log = structlog.get_logger()

Submit = Callable[[list[Draft]], "Future[list[Stored]]"]
Plan = Callable[[DesiredConfiguration], tuple[Stage, tuple[str, ...]]]
"""What the screen asks, and for which touchpoints, by the hub's newest configuration."""
Night = tuple[int, int]
"""Minutes after midnight, local: dim from the first until the second."""
SHIFT_EVERY_MS = 180_000
SHIFTS = ((0, 0), (2, 0), (2, 2), (0, 2), (-2, 2), (-2, 0), (-2, -2), (0, -2), (2, -2))


class Kiosk:
    """One touch screen. Every method may be called from any thread."""

    def __init__(
        self,
        plan: Plan,
        rota: Rota,
        clock: Clock,
        *,
        staff: StaffCorner,
        glass: GlassHealth,
        country: str,
        night: Night | None = None,
        shutter: Shutter | None = None,
    ) -> None:
        self._plan = plan
        self._rota = rota
        self._desired = rota.document
        self._stage, self._touchpoints = plan(self._desired)
        self._clock = clock
        self.page = Page(clock)
        self._staff = staff
        self._glass = glass
        self._country = country
        self._night = night
        self._shutter = shutter
        self._lock = threading.RLock()
        self._state = flow.waiting(self._stage.terms)
        self._submit: Submit | None = None
        self._watchers: list[Callable[[Document], None]] = []
        self._shown: Document = {}

    def start(self, submit: Submit) -> None:
        """From now on answers can be stored."""
        self._submit = submit

    def has_painted(self) -> bool:
        """Whether the page has shown what it should, in this run."""
        return self.page.has_painted_since(0)

    def is_free(self) -> bool:
        """Whether neither a patient nor staff are at the screen."""
        with self._lock:
            return flow.is_nobody_there(self._state) and not self._staff.is_open

    def watch(self, watcher: Callable[[Document], None]) -> Callable[[], None]:
        """Tell of every change of what is shown, beginning with now; returns how to end it."""
        with self._lock:
            self._watchers.append(watcher)
            watcher(self.document())
        return lambda: self._watchers.remove(watcher)

    def document(self) -> Document:
        """What is to be shown now."""
        with self._lock:
            now_ms = self._now_ms()
            shown = draw(self._state, self._stage, self._people(), self._ambience(), now_ms)
            if not self._staff.is_open:
                return shown | {"staff": None}
            words = self._stage.wordings[self._state.language]
            corner = self._staff.draw(self._stage.glass, words, now_ms)
            return shown | {"staff": corner, "scene": f"staff|{corner['place']}|{words.language}"}

    def tick(self) -> None:
        """Time passes; call a few times a second."""
        with self._lock:
            self._staff.tick(self._now_ms())
            self.happen(events.Ticked())

    def touch(self, request: dict[str, Any]) -> None:
        """What the page says was touched. Anything that does not fit what is on the screen is passed over."""
        if request.get("do") == "beat":
            self._hear_beat(request)
            return
        self._glass.note_touch()
        with self._lock:
            if self._staff.is_open or request.get("do") == "staff":
                self._touch_staff(request)
                return
            event = understood(request, self._touchable())
            if event is not None:
                self.happen(event)

    def _hear_beat(self, request: dict[str, Any]) -> None:
        """A page that still shows what should be gone counts as one that shows nothing."""
        down_ms = request.get("down_ms")
        frozen = request.get("scene", self._shown.get("scene")) != self._shown.get("scene")
        blank = request.get("painted") is not True
        sign: Sign = "blank" if blank else "frozen" if frozen else "painted"
        self._glass.note_sign(sign, down_ms if isinstance(down_ms, int) else 0)
        self.page.beat(painted=sign == "painted")

    def happen(self, event: events.Event) -> None:
        """Deal with an event; changes are shown before this returns."""
        with self._lock:
            state, effects = flow.step(self._state, event, self._now_ms(), self._stage.terms)
            self._state = state
            for effect in effects:
                self._store(effect)
            self._replan()
            self._show()

    def heard(self, panel: str, button: int) -> bool:
        """A button was pressed; whether it was staff who try the buttons out."""
        with self._lock:
            if self._staff.is_learning:
                self._staff.hear(panel, button)
                self._show()
            return self._staff.is_learning

    def claim(self, survey: str, question: str, value: int | str) -> Claim | None:
        """Whether a press with this meaning answers what is on the screen; if so it must be settled."""
        with self._lock:
            asked = flow.question(self._state, self._stage.terms)
            fits = asked is not None and (self._stage.terms.survey.code, asked.code) == (
                survey,
                question,
            )
            if not fits or self._state.storing is not None or self._staff.is_open:
                return None
            self.happen(events.Claimed(value))
            return self._claimed()

    def may_photograph(self) -> Policy:
        """What the screen has told of, or what needs no notice."""
        with self._lock:
            if self._state.unphotographed:
                return Policy.OFF
            return max(self._stage.notice, min(self._stage.photographs, NO_NOTICE))

    def settle(self, visit: str, *, stored: bool) -> None:
        """A claimed press was stored, or could not be."""
        self.happen(events.Stored(visit) if stored else events.NotStored(visit))

    def _replan(self) -> None:
        """A new configuration counts from the next patient on: nobody loses a photograph or a question."""
        newest = self._rota.document
        if newest is not self._desired and flow.is_nobody_there(self._state):
            self._desired = newest
            self._stage, self._touchpoints = self._plan(newest)
            self._state = flow.waiting(self._stage.terms)

    def _touch_staff(self, request: dict[str, Any]) -> None:
        """Only while nobody answers; the languages and reading aids work here too."""
        if self._state.phase is flow.Phase.WAITING:
            self._staff.touch(request, self._now_ms())
        if request.get("do") == "language" and self._staff.corner.place == "open":
            event = understood(request, self._touchable())
            self.happen(event or events.Ticked())
        self._show()

    def _claimed(self) -> Claim | None:
        state, person = self._state, self._chosen()
        if state.storing is None or state.visit is None:
            return None
        return Claim(state.visit, state.employee, person.shift if person else None)

    def _now_ms(self) -> int:
        return self._clock.monotonic_ns() // 1_000_000

    def _show(self) -> None:
        document = self.document()
        if document != self._shown:
            self._shown = document
            for watcher in list(self._watchers):
                watcher(document)

    def _touchable(self) -> Shown:
        asked = flow.question(self._state, self._stage.terms)
        return Shown(
            self._state,
            asked.code if asked else None,
            [person.employee.employee for person in self._people()],
            self._stage.terms.languages,
            self._country,
            self._stage.glass.can_be_lowered,
            self._stage.notice is not Policy.OFF,
        )

    def _store(self, effect: events.Effect) -> None:
        visit = effect.visit
        if self._submit is None:
            self.settle(visit, stored=False)
            return
        moment = self._clock.stamp()
        kind, fields = self._message(effect, moment)
        draft = Draft(kind, moment, fields, once_stored=self._photographed(effect))
        stored = self._submit([draft])
        stored.add_done_callback(lambda done: self.settle(visit, stored=done.exception() is None))

    def _photographed(self, effect: events.Effect) -> OnceStored | None:
        """With an opinion; whether somebody may be called is none."""
        opinion = isinstance(effect, events.StoreAnswer) and effect.question != MAY_WE_CALL.code
        if self._shutter is None or not opinion:
            return None
        return self._shutter.press(self.may_photograph())

    def _message(
        self, effect: events.Effect, moment: Stamp
    ) -> tuple[type[Message], dict[str, object]]:
        fields: dict[str, object] = {"visit": effect.visit, "language": effect.language}
        if isinstance(effect, events.StoreContact):
            consent = self._stage.wordings[effect.language].text("form.consent")
            fields |= {"phone": effect.phone, "comment": effect.comment}
            return ContactLeft, fields | {"consent": self._stage.consent, "consent_text": consent}
        person, survey = self._chosen(), self._stage.terms.survey
        fields |= {
            "asked": Asked(
                survey=survey.code, question=effect.question, survey_version=survey.version
            ),
            "value": effect.value,
            "employee": effect.employee,
            "shift": person.shift if person else None,
            "touchpoint": person.touchpoint if person else self._touchpoints[0],
            "flags": [OUT_OF_HOURS] if self._rota.is_open(moment) is False else [],
        }
        return SurveyAnswered, fields

    def _chosen(self) -> OnDuty | None:
        chosen = self._state.employee
        return next((p for p in self._people() if p.employee.employee == chosen), None)

    def photographs(self) -> set[str]:
        """The photographs that may have to be shown."""
        return {one.photo for one in self._rota.document.employees if one.photo}

    def _people(self) -> list[OnDuty]:
        moment = self._clock.stamp()
        day = _local_day(moment.wall_ms)
        return on_duty(self._desired, self._touchpoints, moment, day)

    def _ambience(self) -> Ambience:
        moment = self._clock.stamp()
        place = moment.uptime_ms // SHIFT_EVERY_MS % len(SHIFTS)
        dim = _is_night(moment.wall_ms, self._night)
        return Ambience(dim, SHIFTS[place], self._staff.corner.brightness)


def _local_day(wall_ms: int) -> Day:
    midnight = datetime.fromtimestamp(wall_ms / 1000).astimezone()
    midnight = midnight.replace(hour=0, minute=0, second=0, microsecond=0)
    following = (midnight.replace(tzinfo=None) + timedelta(days=1)).astimezone()
    return int(midnight.timestamp() * 1000), int(following.timestamp() * 1000)


def _is_night(wall_ms: int, night: Night | None) -> bool:
    if night is None:
        return False
    local = time.localtime(wall_ms / 1000)
    minute = local.tm_hour * 60 + local.tm_min
    begins, ends = night
    return begins <= minute < ends if begins <= ends else not ends <= minute < begins
