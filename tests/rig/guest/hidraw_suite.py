"""Vendor HID panels on the kernel's own hidraw nodes; runs inside the virtual terminal."""

from collections.abc import Iterator

import pytest

from edge.buttons.binding import Claim, claimed
from edge.buttons.hidraw import HidFinder, code
from edge.buttons.reader import PanelReader
from tests.edge.buttons.heard import Heard
from tests.rig.uhid import UhidDevice

# A vendor page with one byte of input bits; with and without a report number.
PLAIN = bytes.fromhex("0600ff0901a101190129081500250175019508 8102c0")
NUMBERED = bytes.fromhex("0600ff0901a1018502190129081500250175019508 8102c0")


@pytest.fixture
def heard() -> Iterator[Heard]:
    plain = Claim("plain", {code(0, 2): 1}, serial="V-1")
    numbered = Claim("numbered", {code(1, 7, report=2): 4}, port="socket-9")
    heard = Heard()
    reader = PanelReader(HidFinder(), claimed([plain, numbered]), retry_s=0.5)
    reader.start(heard)
    yield heard
    reader.stop()


def test_bits_are_buttons(heard):
    panel = UhidDevice("vendor panel", "V-1", "socket-8/input0", PLAIN)
    heard.fact("plain", "connected")
    panel.report(b"\x04")
    heard.contact("plain", 1, True)
    panel.report(b"\x00")
    heard.contact("plain", 1, False)
    panel.unplug()
    heard.fact("plain", "unplugged")


def test_numbered_reports_and_a_panel_bound_by_port(heard):
    for _ in range(2):
        panel = UhidDevice("vendor panel", "", "socket-9/input0", NUMBERED)
        heard.fact("numbered", "connected")
        panel.report(b"\x02\x80")
        heard.contact("numbered", 4, True)
        panel.unplug()
        heard.contact("numbered", 4, False)
        heard.fact("numbered", "unplugged")
