import errno
import os
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.buttons.hidraw import ReportBits, ReportNode, code, numbers_reports
from edge.buttons.nodes import Change


def changes(bits: ReportBits, report: bytes) -> list[tuple[int, bool]]:
    return [(change.code, change.down) for change in bits.feed(report, 7)]


def test_bits_that_change_are_codes():
    bits = ReportBits(numbered=False)
    assert bits.feed(b"\x05\x00", 7) == [Change(code(0, 0), True, 7), Change(code(0, 2), True, 7)]
    assert changes(bits, b"\x04\x80") == [(code(0, 0), False), (code(1, 7), True)]
    assert changes(bits, b"\x04\x80") == []


def test_numbered_reports_are_kept_apart():
    bits = ReportBits(numbered=True)
    assert changes(bits, b"\x01\x01") == [(code(1, 0, report=1), True)]
    assert changes(bits, b"\x02\x01") == [(code(1, 0, report=2), True)]
    assert changes(bits, b"\x01\x00") == [(code(1, 0, report=1), False)]


@pytest.mark.parametrize(
    ("descriptor", "numbered"),
    [
        ("0600ff0901a101150025017501950881 02c0", False),
        ("0600ff0901a1018501150025017501950881 02c0", True),
        ("0600ff 268500 a101 c0", False),  # 0x85 is an operand here
        ("fe0285850000 c0", False),  # and inside a long item here
        ("", False),
        ("85", True),
    ],
)
def test_the_descriptor_says_whether_reports_are_numbered(descriptor, numbered):
    assert numbers_reports(bytes.fromhex(descriptor)) is numbered


@given(st.binary(max_size=64))
def test_any_descriptor_can_be_judged(descriptor):
    assert numbers_reports(descriptor) in (True, False)


@given(st.booleans(), st.lists(st.binary(max_size=6)))
def test_whatever_is_reported_changes_alternate(numbered, reports):
    bits = ReportBits(numbered)
    down: set[int] = set()
    for report in reports:
        for changed, is_down in changes(bits, report):
            assert is_down != (changed in down)
            (down.add if is_down else down.discard)(changed)


class Socket:
    """The driver's end of a panel that is made of a socket."""

    descriptor = b""

    def __init__(self) -> None:
        self._near, self.panel = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._near.setblocking(False)

    def fileno(self) -> int:
        return self._near.fileno()

    def read(self, size: int) -> bytes:
        if report := os.read(self._near.fileno(), size):
            return report
        raise OSError(errno.ENODEV, "gone")

    def close(self) -> None:
        self._near.close()


def test_a_node_reads_reports_at_their_arrival():
    raw = Socket()
    node = ReportNode(raw)
    assert node.changes() == ()
    before = time.monotonic_ns()
    raw.panel.send(b"\x02")
    [change] = node.changes()
    assert (change.code, change.down) == (code(0, 1), True)
    assert before <= change.at_ns <= time.monotonic_ns()
    raw.panel.close()
    with pytest.raises(OSError, match="gone"):
        node.changes()
    node.close()
