"""Panels with a vendor's own HID reports, read from the hidraw node.

Decides nothing about buttons: every bit of every report is a code, and configuration says which bits
are buttons. Reports carry no time, so changes have the time of their arrival.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from edge.buttons.nodes import Change, Hardware, Node
from edge.buttons.udev import UdevNodes

_LARGEST_REPORT = 4096
_REPORT_ID_ITEM = 0x84  # HID 1.11, 6.2.2.7: global item, tag 8; the low two bits are its size
_LONG_ITEM = 0xFE


def code(byte: int, bit: int, report: int = 0) -> int:
    """The code of a bit; `byte` counts from 0 and includes the report number where there is one."""
    return (report << 16) | (byte << 3) | bit


def numbers_reports(descriptor: bytes) -> bool:
    """Whether reports begin with their number, by the report descriptor's items."""
    at = 0
    while at < len(descriptor):
        prefix = descriptor[at]
        if prefix == _LONG_ITEM:
            at += 3 + (descriptor[at + 1] if at + 1 < len(descriptor) else 0)
            continue
        if prefix & 0xFC == _REPORT_ID_ITEM:
            return True
        at += 1 + (0, 1, 2, 4)[prefix & 0x03]
    return False


class ReportBits:
    """Pure: reports in, changed bits out."""

    def __init__(self, numbered: bool) -> None:
        self._numbered = numbered
        self._last: dict[int, bytes] = {}

    def feed(self, report: bytes, at_ns: int) -> list[Change]:
        number = report[0] if self._numbered and report else 0
        last = self._last.get(number, b"")
        before = last.ljust(len(report), b"\0")
        self._last[number] = report + last[len(report) :]  # a short report says nothing of the rest
        changes = []
        for byte in range(1 if self._numbered else 0, len(report)):
            differing = before[byte] ^ report[byte]
            changes += [
                Change(code(byte, bit, number), bool(report[byte] >> bit & 1), at_ns)
                for bit in range(8)
                if differing >> bit & 1
            ]
        return changes


class RawReports(Protocol):
    """One hidraw node at the level of its bytes: a read returns one report."""

    @property
    def descriptor(self) -> bytes: ...

    def fileno(self) -> int: ...

    def read(self, size: int) -> bytes: ...

    def close(self) -> None: ...


class KernelRawReports:
    """A hidraw node of the running kernel."""

    def __init__(self, path: str) -> None:
        described = Path("/sys/class/hidraw", Path(path).name, "device/report_descriptor")
        self.descriptor = described.read_bytes()
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def fileno(self) -> int:
        return self._fd

    def read(self, size: int) -> bytes:
        return os.read(self._fd, size)

    def close(self) -> None:
        os.close(self._fd)


class ReportNode:
    """A `Node` over raw reports."""

    def __init__(self, raw: RawReports) -> None:
        self._raw = raw
        self._bits = ReportBits(numbers_reports(raw.descriptor))

    def fileno(self) -> int:
        return self._raw.fileno()

    def held(self) -> frozenset[int]:
        return frozenset()  # a hidraw node tells only changes

    def changes(self) -> Sequence[Change]:
        try:
            report = self._raw.read(_LARGEST_REPORT)
        except BlockingIOError:
            return ()
        return self._bits.feed(report, time.monotonic_ns())

    def lost_events(self) -> int:
        return 0

    def set_led(self, led: int, on: bool) -> None:
        """Vendor reports have no standard lamp; a panel of this kind gets one by GPIO."""

    def close(self) -> None:
        self._raw.close()


class HidFinder(UdevNodes):
    """All hidraw nodes."""

    def __init__(self) -> None:
        super().__init__("hidraw", "hidraw")

    def open(self, hardware: Hardware, panel: str) -> Node:  # noqa: ARG002 - alike for all panels
        return ReportNode(KernelRawReports(hardware.path))
