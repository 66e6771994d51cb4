"""Host end of the virtual terminal: boots it under software emulation and works its hardware.

`build.sh` has made kernel, initramfs and disk. The disk stays untouched: each boot writes to an
overlay of its own. Hardware is worked over QMP, the guest's shell over a virtio serial port.
"""

import base64
import io
import json
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

PATIENCE_S = 300.0


def _connect(path: Path, alive: subprocess.Popen[bytes]) -> socket.socket:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(path))
            return connection
        except OSError:
            connection.close()
            if alive.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class _Qmp:
    """QEMU's monitor."""

    def __init__(self, connection: socket.socket) -> None:
        self._stream = connection.makefile("rwb", buffering=0)
        json.loads(self._stream.readline())
        self("qmp_capabilities")

    def __call__(self, command: str, **arguments: Any) -> Any:
        request = {"execute": command, "arguments": arguments}
        self._stream.write(json.dumps(request).encode() + b"\n")
        while True:
            answer = json.loads(self._stream.readline())
            if "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]


class VirtualTerminal:
    """A booted terminal with two displays (each ties one keyboard), USB sockets and a serial box."""

    def __init__(self, built: Path, run: Path) -> None:
        run.mkdir(parents=True, exist_ok=True)
        for left_over in run.glob("*.sock"):
            left_over.unlink()
        self._run = run
        overlay = run / "disk.qcow2"
        backing = ["-F", "raw", "-b", str(built / "disk.ext4")]
        subprocess.run(
            ["qemu-img", "create", "-q", "-f", "qcow2", *backing, str(overlay)], check=True
        )
        self._console = run / "console.log"
        self._process = subprocess.Popen(
            ["qemu-system-x86_64", *self._machine(built, overlay)],
            stdin=subprocess.DEVNULL,
            stderr=(run / "qemu.log").open("wb"),
        )
        try:
            self._qmp = _Qmp(_connect(run / "qmp.sock", self._process))
            shell = _connect(run / "commands.sock", self._process)
            shell.settimeout(PATIENCE_S)
            self._shell = shell.makefile("rwb", buffering=0)
            ready = self._shell.readline()
            assert ready, f"the guest died; see {self._console}"
        except BaseException:
            self.stop()
            raise

    def _machine(self, built: Path, overlay: Path) -> Iterable[str]:
        ports = {"qmp": "", "commands": "", "box": ""}
        sockets = {name: f"path={self._run / name}.sock,server=on,wait=off" for name in ports}
        return [
            *("-machine", "q35,usb=off,vmport=off", "-accel", "tcg,thread=multi,tb-size=512"),
            *("-cpu", "Westmere", "-smp", "2", "-m", "1024"),  # x86-64-v2, which wheels expect
            *("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"),
            *("-kernel", str(built / "vmlinuz"), "-initrd", str(built / "initrd.gz")),
            *("-append", "console=ttyS0 panic=-1 quiet mitigations=off nokaslr no_timer_check"),
            *("-chardev", f"file,id=console,path={self._console}", "-serial", "chardev:console"),
            *("-qmp", f"unix:{self._run / 'qmp.sock'},server=on,wait=off"),
            *("-drive", f"file={overlay},if=none,id=disk,format=qcow2,cache=unsafe"),
            *("-device", "virtio-blk-pci,drive=disk", "-device", "virtio-rng-pci"),
            *(
                "-device",
                "virtio-serial-pci",
                "-chardev",
                f"socket,id=commands,{sockets['commands']}",
            ),
            *("-device", "virtserialport,chardev=commands,name=rig.commands"),
            *("-chardev", f"socket,id=box,{sockets['box']}"),
            # QEMU sends keys to one keyboard only, unless each is tied to a display of its own.
            *("-device", "bochs-display,id=display1", "-device", "bochs-display,id=display2"),
            *("-device", "qemu-xhci,id=usb,p2=8,p3=2"),
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    # The guest's shell.

    def shell(self, command: str, timeout_s: float = 60, check: bool = True, text: str = "") -> str:
        """Standard output and error of a command; AssertionError when it fails."""
        self._ask({"shell": command, "timeout": timeout_s, "input": text})
        answer = self._answer
        assert not check or answer["code"] == 0, f"{command}: {answer['code']}\n{answer['output']}"
        return str(answer["output"])

    def start(self, command: str, log: str) -> int:
        """A command in the background; the id of its process group."""
        self._ask({"shell": command, "log": log})
        return int(self._answer["output"])

    def _ask(self, request: dict[str, Any]) -> None:
        self._shell.write(json.dumps(request).encode() + b"\n")
        self._answer = json.loads(self._shell.readline())

    def send_tree(self, root: Path, names: Iterable[str], target: str) -> None:
        """Copy Python sources under `root` into the guest's folder `target`."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for name in names:
                for file in sorted(p for p in (root / name).rglob("*.py") if p.is_file()):
                    archive.add(file, str(file.relative_to(root)))
        encoded = base64.b64encode(packed.getvalue()).decode()
        for at in range(0, len(encoded), 60_000):
            self.shell("cat >> /tmp/tree.b64", text=encoded[at : at + 60_000])
        self.shell(f"mkdir -p {target} && base64 -d /tmp/tree.b64 | tar -xz -C {target}")

    # Its hardware.

    def plug_keyboard(self, name: str, socket_number: int, serial: str, display: int) -> None:
        self._qmp(
            "device_add",
            driver="usb-kbd",
            id=name,
            bus="usb.0",
            port=str(socket_number),
            serial=serial,
            display=f"display{display}",
        )

    def plug_serial_box(self, socket_number: int, serial: str) -> socket.socket:
        """QEMU shows the box to the guest only while this connection to its other end is open."""
        self._qmp(
            "device_add",
            driver="usb-serial",
            id="box",
            bus="usb.0",
            port=str(socket_number),
            serial=serial,
            chardev="box",
        )
        return _connect(self._run / "box.sock", self._process)

    def unplug(self, name: str) -> None:
        self._qmp("device_del", id=name)

    def key(self, qcode: str, down: bool, display: int) -> None:
        event = {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": qcode}}}
        self._qmp("input-send-event", device=f"display{display}", events=[event])
