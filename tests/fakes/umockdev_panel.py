"""A keyboard panel made by umockdev, for a child process that runs under its preload library.

Runs as a process of its own: python-evdev holds the interpreter's lock during an ioctl, so whoever
answers it must not need the same one. Reads orders from standard input (down CODE, up CODE) and prints
what happens, one line each; the first line is the folder for UMOCKDEV_DIR. Plugging is left to the
virtual terminal: umockdev makes and removes a node in several steps that a driver can fall between.
"""

import ctypes
import os
import struct
import sys
import time
from ctypes import c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p

EVIOCGID, EVIOCGNAME, EVIOCGBIT, EVIOCGBIT_KEY, EVIOCGKEY, EVIOCGRAB, EVIOCSCLOCKID = (
    *(0x02, 0x06, 0x20, 0x21),
    *(0x18, 0x90, 0xA0),
)
EVENT = struct.Struct("@llHHi")
EV_SYN, EV_KEY = 0x00, 0x01
NODE = b"/dev/input/event7"
DESCRIPTION = b"""P: /devices/panel
E: SUBSYSTEM=input
E: ID_INPUT=1
A: name=Test Panel
A: id/vendor=1a2b
A: id/product=3c4d

P: /devices/panel/event7
N: input/event7
E: SUBSYSTEM=input
E: DEVNAME=/dev/input/event7
E: ID_INPUT_KEY=1
E: ID_SERIAL_SHORT=PANEL-A-0001
E: ID_PATH=pci-0000:00:14.0-usb-0:3:1.0
A: dev=13:71
"""
HANDLER = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)

umockdev = ctypes.CDLL("libumockdev.so.0")
gobject = ctypes.CDLL("libgobject-2.0.so.0")
SIGNATURES = {
    "umockdev_testbed_new": (c_void_p, []),
    "umockdev_testbed_get_root_dir": (c_char_p, [c_void_p]),
    "umockdev_testbed_add_from_string": (c_int, [c_void_p, c_char_p, c_void_p]),
    "umockdev_testbed_attach_ioctl": (c_int, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "umockdev_testbed_get_dev_fd": (c_int, [c_void_p, c_char_p]),
    "umockdev_ioctl_base_new": (c_void_p, []),
    "umockdev_ioctl_client_get_request": (c_ulong, [c_void_p]),
    "umockdev_ioctl_client_get_arg": (c_void_p, [c_void_p]),
    "umockdev_ioctl_client_complete": (None, [c_void_p, c_long, c_int]),
    "umockdev_ioctl_data_resolve": (c_void_p, [c_void_p, c_size_t, c_size_t, c_void_p]),
    "umockdev_ioctl_data_retrieve": (None, [c_void_p, c_void_p, c_void_p]),
    "umockdev_ioctl_data_update": (None, [c_void_p, c_size_t, c_char_p, c_int]),
}
for function, (result, arguments) in SIGNATURES.items():
    getattr(umockdev, function).restype = result
    getattr(umockdev, function).argtypes = arguments
gobject.g_signal_connect_data.argtypes = [c_void_p, c_char_p, HANDLER, c_void_p, c_void_p, c_int]


def say(*words: object) -> None:
    print(*words, flush=True)


class Panel:
    def __init__(self) -> None:
        self._clock = time.CLOCK_REALTIME
        self._down: set[int] = set()
        self._handler = HANDLER(self._ioctl)  # C keeps only a pointer to it
        testbed = umockdev.umockdev_testbed_new()
        ioctls = umockdev.umockdev_ioctl_base_new()
        gobject.g_signal_connect_data(ioctls, b"handle-ioctl", self._handler, None, None, 0)
        umockdev.umockdev_testbed_attach_ioctl(testbed, NODE, ioctls, None)
        umockdev.umockdev_testbed_add_from_string(testbed, DESCRIPTION, None)
        self._fd = umockdev.umockdev_testbed_get_dev_fd(testbed, NODE)
        say(umockdev.umockdev_testbed_get_root_dir(testbed).decode())

    def down(self, code: str) -> None:
        self._down.add(int(code))
        self._emit(int(code), 1)

    def up(self, code: str) -> None:
        self._down.discard(int(code))
        self._emit(int(code), 0)

    def _emit(self, code: int, value: int) -> None:
        seconds, rest = divmod(time.clock_gettime_ns(self._clock), 1_000_000_000)
        key = EVENT.pack(seconds, rest // 1_000, EV_KEY, code, value)
        os.write(self._fd, key + EVENT.pack(seconds, rest // 1_000, EV_SYN, 0, 0))

    def _ioctl(self, _base: int, client: int, _data: int) -> int:
        request = umockdev.umockdev_ioctl_client_get_request(client)
        number, size, reads = request & 0xFF, request >> 16 & 0x3FFF, request >> 30 & 2
        argument = umockdev.umockdev_ioctl_client_get_arg(client)
        if reads:
            payload = self._answer(number).ljust(size, b"\0")[:size]
            target = umockdev.umockdev_ioctl_data_resolve(argument, 0, size, None)
            umockdev.umockdev_ioctl_data_update(target, 0, payload, size)
        elif number == EVIOCSCLOCKID:
            source = umockdev.umockdev_ioctl_data_resolve(argument, 0, 4, None)
            chosen, length = ctypes.POINTER(c_int)(), c_int()
            umockdev.umockdev_ioctl_data_retrieve(
                source, ctypes.byref(chosen), ctypes.byref(length)
            )
            self._clock = chosen.contents.value
        elif number == EVIOCGRAB:
            say("grab")
        umockdev.umockdev_ioctl_client_complete(client, 0, 0)
        return 1

    def _answer(self, number: int) -> bytes:
        down = sum(1 << code for code in self._down)
        return {
            EVIOCGID: struct.pack("HHHH", 3, 0x1A2B, 0x3C4D, 1),
            EVIOCGNAME: b"Test Panel",
            EVIOCGBIT: (1 << EV_KEY).to_bytes(4, "little"),
            EVIOCGBIT_KEY: b"\xff" * 16,
            EVIOCGKEY: down.to_bytes(96, "little"),
        }.get(number, b"")


def main() -> None:
    panel = Panel()
    for line in sys.stdin:
        order, *words = line.split()
        getattr(panel, order)(*words)
        say("done", order)


main()
