"""What a terminal would have sent: the story's answers as its messages, numbered without a gap.

Every message is marked with `demo`, which the hub keeps among the fields it does not know.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from contract.codec import encode
from contract.documents import DeviceState
from contract.messages import (
    Asked,
    ButtonPressed,
    ContactLeft,
    Message,
    PresenceCounted,
    Stamp,
    SurveyAnswered,
)
from contract.surveys import MAY_WE_CALL, SURVEYS
from contract.topics import Channel, DeviceAddress, DeviceTopic
from hub.core.arrivals import Delivery
from wellheard.demo.cast import HISTORY_EPOCH
from wellheard.demo.past import HOUR_S
from wellheard.demo.story import BUTTONS, Near, Told
from wellheard.demo.terminals import QUESTION, SURVEY

SHIFT = "history"
CONSENT = "demonstration"
"""Nobody has agreed to anything."""
SOFTWARE = "demonstration"

_NAMESPACE = UUID(int=0x64656D6F)


class Diary:
    """One terminal's; `booted_ms` is the start of the boot in which all of it was written."""

    def __init__(self, address: DeviceAddress, sequence: int, booted_ms: int) -> None:
        self.address = address
        self._sequence = sequence
        self._booted_ms = booted_ms
        self._boot = str(uuid5(_NAMESPACE, f"{address}/{booted_ms}"))

    def answers(self, told: Told, at_ms: int) -> Iterator[Delivery]:
        """What one patient leaves behind."""
        whom = {"touchpoint": told.touchpoint, "employee": told.employee, "shift": SHIFT}
        if told.asks == "faces":
            asked = Asked(survey=SURVEY, question=QUESTION)
            button = BUTTONS[str(told.value)]
            flags = ["play"] if told.played else []
            meant = {"asked": asked, "value": told.value, "flags": flags}
            yield self._message(
                ButtonPressed, at_ms, panel=told.touchpoint, button=button, **meant, **whom
            )
            return
        survey = SURVEYS["express" if told.asks == "recommend" else "nps"]
        visit = str(uuid5(_NAMESPACE, f"{self.address}/{HISTORY_EPOCH}/{self._sequence}"))
        said = {"visit": visit, "language": told.language}
        question = survey.first(told.employee).code
        yield self._answer(survey.code, question, told.value, at_ms, **said, **whom)
        if told.offered_call:
            wish = "no" if told.call is None else "yes"
            yield self._answer(survey.code, MAY_WE_CALL.code, wish, at_ms + 9_000, **said, **whom)
        if told.call is not None:
            left = {"phone": told.call.phone, "comment": told.call.comment, "consent": CONSENT}
            yield self._message(ContactLeft, at_ms + 40_000, **said, **left)

    def came_near(self, near: Near, until_ms: int, hours: int, touchpoint: str) -> Delivery:
        """Who did in the hours that end then, all of which the camera saw."""
        counted = {"seconds": hours * HOUR_S, "touchpoint": touchpoint, **near._asdict()}
        return self._message(PresenceCounted, until_ms, **counted)

    def works(self, now_ms: int) -> Delivery:
        """The terminal says that it is there."""
        state = DeviceState(
            online=True,
            instance=self._boot,
            epoch=HISTORY_EPOCH,
            highest=self._sequence,
            software=SOFTWARE,
        )
        payload = state.model_dump_json(exclude_none=True).encode()
        return Delivery(str(DeviceTopic(self.address, Channel.STATE)), payload, now_ms)

    def _answer(
        self, survey: str, question: str, value: int | str, at_ms: int, **fields: Any
    ) -> Delivery:
        asked = Asked(survey=survey, question=question)
        return self._message(SurveyAnswered, at_ms, asked=asked, value=value, **fields)

    def _message(self, kind: type[Message], at_ms: int, **fields: Any) -> Delivery:
        self._sequence += 1
        message = kind(
            type=kind.__name__,
            device=self.address.device,
            epoch=HISTORY_EPOCH,
            sequence=self._sequence,
            time=Stamp(
                wall_ms=at_ms,
                boot_id=self._boot,
                uptime_ms=at_ms - self._booted_ms,
                synchronised=True,
            ),
            demo=True,
            **fields,
        )
        topic = DeviceTopic(self.address, Channel.UP, kind.__name__)
        # Kept until now rather than said just now: nobody is to measure how long it took.
        return Delivery(str(topic), encode(message), at_ms, retained=True)
