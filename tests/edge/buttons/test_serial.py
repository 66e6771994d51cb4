import errno
import select

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.buttons.nodes import Change
from edge.buttons.serial import Bytes, Lines, SerialNode, SerialSettings
from edge.buttons.virtual_devices import SerialBox
from tests.fakes.waiting import eventually


def test_lines_say_down_and_up():
    lines = Lines()
    told = lines.feed(b"BTN 3 DOWN\nBTN 12 UP\r\n", 7)
    assert told == [Change(3, True, 7), Change(12, False, 7)]


def test_a_line_may_come_in_pieces():
    lines = Lines()
    assert lines.feed(b"BTN 3 D", 1) == []
    assert lines.feed(b"OWN\nBTN", 2) == [Change(3, True, 2)]


def test_noise_is_passed_over():
    lines = Lines()
    assert lines.feed(b"\xff\x00BTN 3 DOWN\nbtn 3 DOWN\nBTN x UP\n\nBTN 3 UP\n", 7) == [
        Change(3, False, 7)
    ]


@given(st.binary(max_size=200), st.integers(1, 20))
def test_noise_without_end_needs_no_memory_and_hides_no_later_line(noise, times):
    lines = Lines()
    for _ in range(times):
        lines.feed(noise, 0)
    assert len(lines._rest) <= 64
    assert lines.feed(b"\nBTN 1 DOWN\n", 7)[-1] == Change(1, True, 7)


@given(st.lists(st.integers(0, 999)), st.integers(1, 9))
def test_where_the_line_is_cut_changes_nothing(buttons, size):
    stream = b"".join(b"BTN %d DOWN\n" % button for button in buttons)
    lines = Lines()
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert [c.code for piece in pieces for c in lines.feed(piece, 0)] == buttons


def test_each_byte_is_a_whole_press():
    assert Bytes().feed(b"AB", 7) == [
        Change(0x41, True, 7),
        Change(0x41, False, 7),
        Change(0x42, True, 7),
        Change(0x42, False, 7),
    ]


@pytest.fixture
def box():
    return SerialBox("BOX-77", "socket-3", "0403:6001", SerialSettings())


def test_a_box_is_read_over_its_port(box):
    node = box.open("box")
    box.write(b"BTN 3 DOWN\n")
    eventually(lambda: select.select([node], [], [], 0)[0])
    [change] = node.changes()
    assert (change.code, change.down) == (3, True)
    node.close()
    box.vanish()


def test_a_box_is_read_exclusively(box):
    first = box.open("box")
    with pytest.raises(OSError, match="lock") as refused:
        box.open("box")
    assert refused.value.errno == errno.EBUSY
    first.close()
    box.vanish()


def test_an_unplugged_box_is_an_error(box):
    node = box.open("box")
    box.vanish()
    with pytest.raises(OSError, match=r"No such device|Input/output"):
        node.changes()
    node.close()


def test_a_port_that_is_not_there_is_an_error_with_its_reason():
    with pytest.raises(OSError, match="No such file") as refused:
        SerialNode("/dev/ttyUSB-none", SerialSettings())
    assert refused.value.errno == errno.ENOENT
