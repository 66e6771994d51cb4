"""Finds device nodes of one subsystem through udev, and notices plugging.

Decides how hardware is named: the serial number and socket that udev reports, else those the kernel
gives the input device itself (devices made by uhid or uinput have no others).
"""

import re
from collections.abc import Iterator, Sequence

import pyudev

from edge.buttons.nodes import Hardware

_INTERFACE = re.compile(r":\d+\.\d+$")  # ID_PATH ends in the USB interface: one device, many nodes
_INPUT_SUFFIX = re.compile(r"/input\d+$")  # so does `phys`


class UdevNodes:
    """The listing and hot-plug half of a `NodeFinder`."""

    def __init__(self, subsystem: str, name_prefix: str, required: str | None = None) -> None:
        """`required` is a udev property that a node must have set, such as ID_INPUT_KEY."""
        self._context = pyudev.Context()
        self._subsystem = subsystem
        self._prefix = name_prefix
        self._required = required
        self._monitor = pyudev.Monitor.from_netlink(self._context)
        self._monitor.filter_by(subsystem)
        self._monitor.start()

    def fileno(self) -> int:
        return int(self._monitor.fileno())

    def drain(self) -> None:
        while self._monitor.poll(timeout=0) is not None:
            pass

    def nodes(self) -> Sequence[Hardware]:
        return sorted(self._listed(), key=lambda node: node.path)

    def _listed(self) -> Iterator[Hardware]:
        for device in self._context.list_devices(subsystem=self._subsystem):
            wanted = self._required is None or device.properties.get(self._required) == "1"
            if device.sys_name.startswith(self._prefix) and device.device_node and wanted:
                yield describe(device)

    def close(self) -> None:
        """Nothing: the monitor's descriptor is closed when it is collected."""


def describe(device: pyudev.Device) -> Hardware:
    properties = device.properties
    phys = _INPUT_SUFFIX.sub("", _inherited(device, "phys"))
    serial = properties.get("ID_SERIAL_SHORT") or _inherited(device, "uniq")
    port = _INTERFACE.sub("", properties.get("ID_PATH", "")) or phys or device.sys_path
    return Hardware(
        path=device.device_node,
        serial=serial or None,
        port=port,
        name=_inherited(device, "name") or properties.get("ID_MODEL") or device.sys_name,
        model=_model(device),
    )


def _model(device: pyudev.Device) -> str:
    vendor = device.properties.get("ID_VENDOR_ID") or _inherited(device, "id/vendor")
    product = device.properties.get("ID_MODEL_ID") or _inherited(device, "id/product")
    return f"{vendor or '0000'}:{product or '0000'}".lower()


def _inherited(device: pyudev.Device, attribute: str) -> str:
    """A sysfs attribute of the device or of the one it hangs on; empty when neither has it."""
    for owner in (device, device.parent):
        if owner is not None and (value := owner.attributes.get(attribute)):
            return str(value.decode("utf-8", "replace")).strip()
    return ""
