"""Finds device nodes of one subsystem through udev, and notices plugging.

Decides how hardware is named: the serial number and socket that udev reports, else those the kernel
gives the input device itself (devices made by uhid or uinput have no others).
"""

import contextlib
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
        # Lost notifications (ENOBUFS) do no harm: everything is listed anew after each.
        with contextlib.suppress(OSError):
            while self._monitor.poll(timeout=0) is not None:
                pass

    def nodes(self) -> Sequence[Hardware]:
        return sorted(self._listed(), key=lambda node: node.path)

    def _listed(self) -> Iterator[Hardware]:
        listed = self._context.list_devices(subsystem=self._subsystem)
        for device in listed:
            wanted = self._required is None or device.properties.get(self._required) == "1"
            if device.sys_name.startswith(self._prefix) and device.device_node and wanted:
                yield describe(device)

    def close(self) -> None:
        """Nothing: the monitor's descriptor is closed when it is collected."""


def describe(device: pyudev.Device) -> Hardware:
    """udev's own properties first, then the input device's attributes, then the HID device's."""
    said = device.properties
    hid = device.find_parent("hid")
    hid_said = hid.properties if hid is not None else {}
    serial = said.get("ID_SERIAL_SHORT") or _parent(device, "uniq") or hid_said.get("HID_UNIQ")
    phys = _INPUT_SUFFIX.sub("", _parent(device, "phys") or hid_said.get("HID_PHYS", ""))
    name = _parent(device, "name") or hid_said.get("HID_NAME") or said.get("ID_MODEL")
    return Hardware(
        path=device.device_node,
        serial=serial or None,
        port=_INTERFACE.sub("", said.get("ID_PATH", "")) or phys or device.sys_path,
        name=name or device.sys_name,
        model=_model(device, hid_said.get("HID_ID", "")),
    )


def _model(device: pyudev.Device, hid_id: str) -> str:
    """`hid_id` is bus:vendor:product, the latter two in eight hexadecimal digits."""
    _, hid_vendor, hid_product = hid_id.split(":") if hid_id.count(":") == 2 else ("", "", "")
    vendor = device.properties.get("ID_VENDOR_ID") or _parent(device, "id/vendor") or hid_vendor
    product = device.properties.get("ID_MODEL_ID") or _parent(device, "id/product") or hid_product
    return f"{vendor[-4:]:0>4}:{product[-4:]:0>4}".lower()


def _parent(device: pyudev.Device, attribute: str) -> str:
    """A sysfs attribute of the device this node belongs to; empty when there is none."""
    value = device.parent.attributes.get(attribute) if device.parent is not None else None
    return value.decode("utf-8", "replace").strip() if value else ""
