"""Pure: what Kannel's status page tells, as far as it matters for a message that may have been handed over."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_UPTIME = re.compile(r"(\d+)d (\d+)h (\d+)m (\d+)s")


class NotAStatus(ValueError):
    """Something else than Kannel's status page."""


@dataclass(frozen=True, slots=True)
class Status:
    """`up_s`: how long bearerbox and all its smsboxes have been running; `waiting`: messages on their way out."""

    up_s: int
    waiting: int


def parse(page: bytes) -> Status:
    """The status of `status.xml`."""
    try:
        root = ET.fromstring(page)  # noqa: S314 - the clinic's own Kannel, behind a password
        uptimes = [_seconds(root.findtext("status", ""))]
        uptimes += [_seconds(box.findtext("status", "")) for box in _smsboxes(root)]
        queues = [root.findtext("sms/sent/queued"), root.findtext("sms/storesize")]
        queues += [one.findtext("queued") for one in root.iterfind("smscs/smsc")]
        queues += [box.findtext("queue") for box in _smsboxes(root)]
        return Status(min(uptimes), sum(int(queued or "") for queued in queues))
    except (ET.ParseError, ValueError) as error:
        raise NotAStatus(type(error).__name__) from error


def _smsboxes(root: ET.Element) -> list[ET.Element]:
    return [box for box in root.iterfind("boxes/box") if box.findtext("type") == "smsbox"]


def _seconds(told: str) -> int:
    found = _UPTIME.search(told)
    if not found:
        raise ValueError("no uptime")
    days, hours, minutes, seconds = map(int, found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
