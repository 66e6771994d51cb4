"""`edge --simulate`: virtual hardware at the lowest level, played through a socket; everything above is the real agent.

One JSON object a line in, one out. Whoever holds the socket is the finger, the electrician and the clock maker; what a
lamp shows is read back from its pin.
"""

import json
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from contract.messages import Stamp
from edge.buttons.virtual import VirtualHardware
from edge.clock import SystemClock


class SimulatedClock:
    """The system's clocks, with a wall clock that can be put wrong, and an uptime that can be moved on."""

    def __init__(self, boot_file: Path | None = None) -> None:
        """`boot_file` keeps the name of the boot from one run of the agent to the next."""
        self._system = SystemClock()
        self._boot_file = boot_file
        kept = boot_file is not None and boot_file.exists()
        self._boot_id = boot_file.read_text() if boot_file and kept else None
        self.wall_offset_ms = 0
        self.uptime_offset_ms = 0
        self.synchronised = True

    def stamp(self, at_ns: int | None = None) -> Stamp:
        real = self._system.stamp(at_ns)
        changes = {
            "wall_ms": real.wall_ms + self.wall_offset_ms,
            "uptime_ms": real.uptime_ms + self.uptime_offset_ms,
            "synchronised": self.synchronised,
            "boot_id": self._boot_id or real.boot_id,
        }
        return real.model_copy(update=changes)

    def monotonic_ns(self) -> int:
        return self._system.monotonic_ns()

    def offset_ms(self) -> float | None:
        return float(self.wall_offset_ms) if self.synchronised else None

    def reboot(self) -> None:
        """The boot has another name from now on."""
        self._boot_id = str(uuid4())
        if self._boot_file is not None:
            self._boot_file.write_text(self._boot_id)


class Controls:
    """What can be asked on the socket. Each method takes the request's fields and returns the answer's."""

    def __init__(self, hardware: VirtualHardware, clock: SimulatedClock) -> None:
        self._hardware = hardware
        self._clock = clock

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked; the answer has `error` when it cannot be done."""
        actions: dict[str, Callable[..., Any]] = {
            "press": self._hardware.press,
            "hold": self._hardware.hold,
            "release": self._hardware.release,
            "bounce": self._hardware.bounce,
            "plug": self._hardware.plug,
            "unplug": self._hardware.unplug,
            "thanks": self._hardware.thanks_count,
            "refusals": self._hardware.refusal_count,
            "lamp": self._hardware.lamp_state,
            "pin_rises": self._pin_rises,
            "thanked_at_ns": self._thanked_at_ns,
            "clock": self._set_clock,
        }
        fields = dict(request)
        action = actions.get(str(fields.pop("do", "")))
        if action is None:
            return {"error": f"do: one of {', '.join(sorted(actions))}"}
        try:
            return {"result": action(**fields)}
        except (KeyError, TypeError, ValueError, OSError) as error:
            return {"error": f"{type(error).__name__}: {error}"}

    def _thanked_at_ns(self, panel: str) -> list[int]:
        """CLOCK_MONOTONIC of the latest rising edges of the thanks lamp."""
        return [at_ns for at_ns, on in list(self._hardware.thanks_lamp(panel).edges) if on]

    def _pin_rises(self, pin: int) -> int:
        """How often an output that belongs to no panel has risen: the buzzer, the lamp that calls staff."""
        return self._hardware.pin_output(pin).rises

    def _set_clock(
        self, wall_offset_ms: int, synchronised: bool, uptime_offset_ms: int = 0
    ) -> None:
        self._clock.wall_offset_ms = wall_offset_ms
        self._clock.uptime_offset_ms = uptime_offset_ms
        self._clock.synchronised = synchronised


class ControlServer:
    """Serves the controls on a Unix socket that only this user may open."""

    def __init__(self, path: Path, controls: Controls) -> None:
        unready = path.with_suffix(".new")
        unready.unlink(missing_ok=True)
        self._server = _Server(str(unready), _Handler)
        self._server.controls = controls
        unready.chmod(0o600)
        unready.replace(path)  # whoever sees it can connect, and nobody else could before
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="controls", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    controls: Controls


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(json.dumps(self._answer(line)).encode() + b"\n")

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except ValueError as error:
            return {"error": f"not JSON: {error}"}
        if not isinstance(request, dict):
            return {"error": "not a JSON object"}
        return self.server.controls.answer(request)
