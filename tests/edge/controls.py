"""The finger, the electrician and the clock maker at a simulated terminal: the other end of `controls.sock`."""

import json
import socket
from pathlib import Path
from typing import Any, Self


class ControlsSocket:
    """Asks one thing at a time."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(30)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rwb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._socket.close()

    def ask(self, do: str, **fields: Any) -> Any:
        """The result; ValueError with what the terminal says is wrong."""
        answer = self.raw(json.dumps({"do": do, **fields}).encode())
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["result"]

    def tell(self, do: str, **fields: Any) -> None:
        """Without waiting for an answer: the terminal may end over it."""
        self._write(json.dumps({"do": do, **fields}).encode())

    def raw(self, line: bytes) -> dict[str, Any]:
        self._write(line)
        answer: dict[str, Any] = json.loads(self._lines.readline())
        return answer

    def _write(self, line: bytes) -> None:
        self._lines.write(line + b"\n")
        self._lines.flush()
