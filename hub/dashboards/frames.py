"""Pure: events in the form of Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

Decides what a page or program is told of an answer or a device. An answer's frame carries its id, so that a reader
that comes back says by `Last-Event-ID` what it has seen.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class Frame(NamedTuple):
    """One event, serialised once for all readers; `answer` is the id of the answer it tells of."""

    facility: str
    text: bytes
    answer: int | None = None


HEARTBEAT = b": still here\nevent: beat\ndata: {}\n\n"
"""A comment for proxies; an event, because a page's script is not shown comments."""
RETRY = b"retry: 1000\n\n"
"""Readers that lose the connection come back after a second."""
REFRESH = b"event: refresh\ndata: {}\n\n"
"""More happened than was told: read the state again."""


def answer_frame(answer: Mapping[str, Any], stored_ms: int | None) -> Frame:
    """`stored_ms` is the hub's time once the answer was durable; None for one told again later."""
    told = {**answer, "stored_ms": stored_ms}
    del told["organisation"]
    return Frame(answer["facility"], _event("answer", told, answer["id"]), answer["id"])


def flagged_frame(
    facility: str, device: str, flag: str, responses: tuple[tuple[int, int], ...]
) -> Frame:
    """`responses` are (epoch, sequence) of answers now left out of the figures."""
    told = {"facility": facility, "device": device, "flag": flag, "responses": responses}
    return Frame(facility, _event("flagged", told))


def presence_frame(facility: str, approaches: int) -> Frame:
    """So many more came near the facility's terminals; what that makes is to be read."""
    return Frame(facility, _event("presence", {"facility": facility, "approaches": approaches}))


def device_frame(facility: str, device: str) -> Frame:
    """Something about a device has changed; what, is to be read."""
    return Frame(facility, _event("device", {"facility": facility, "device": device}))


def case_frame(facility: str, case_id: int) -> Frame:
    """Something about a case has changed; what, is to be read."""
    return Frame(facility, _event("case", {"facility": facility, "case": case_id}))


def alert_frame(facility: str, touchpoint: str | None) -> Frame:
    """An unhappy patient is still here, at this place."""
    return Frame(facility, _event("alert", {"facility": facility, "touchpoint": touchpoint}))


def conversation_frame(facility: str, campaign: str) -> Frame:
    """Something was said or decided by SMS; what, is to be read."""
    return Frame(facility, _event("conversation", {"facility": facility, "campaign": campaign}))


def _event(name: str, told: Mapping[str, Any], number: int | None = None) -> bytes:
    numbered = f"id: {number}\n" if number is not None else ""
    return f"{numbered}event: {name}\ndata: {json.dumps(told, separators=(',', ':'))}\n\n".encode()
