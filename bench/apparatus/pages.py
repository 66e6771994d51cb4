"""Open live pages: streams of server-sent events, read as cheaply as possible, all on one event loop."""

import asyncio
import json
import time
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import httpx

OPEN_S = 30.0
LIMIT = 2**20
"""Bytes of a line, of which an event's data is one."""


class Heard(NamedTuple):
    """One event on one page: of which answer, and when it was given and seen (wall clock, ms)."""

    device: str
    sequence: int
    pressed_ms: int
    heard_ms: float


class OpenPages:
    """`count` streams of one signed-in member of staff."""

    def __init__(self, url: str, user: str, password: str, count: int) -> None:
        at = urlsplit(url)
        self._host, self._port = at.hostname or "", at.port or 80
        with httpx.Client(base_url=url) as http:
            http.post("/api/login", json={"name": user, "password": password}).raise_for_status()
            cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        self._request = (
            f"GET /api/live HTTP/1.1\r\nHost: {at.netloc}\r\nAccept: text/event-stream\r\n"
            f"Cookie: {cookies}\r\n\r\n"
        ).encode()
        self._count = count
        self._reading: list[asyncio.Task[None]] = []
        self._open = asyncio.Semaphore(0)
        self.heard: list[Heard] = []

    async def __aenter__(self) -> Self:
        """All of them are open when this returns."""
        self._reading = [asyncio.create_task(self._read()) for _ in range(self._count)]
        async with asyncio.timeout(OPEN_S):
            for _ in range(self._count):
                await self._open.acquire()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    def check(self) -> None:
        """Raise what ended a page before its time."""
        for task in self._reading:
            if task.done():
                task.result()
                raise ConnectionError("a live page's stream has ended")

    async def _read(self) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=LIMIT)
        try:
            writer.write(self._request)
            status = await reader.readline()
            if b" 200 " not in status:
                raise ConnectionError(f"a live page was refused: {status.decode().strip()}")
            while (await reader.readline()).strip():
                pass
            self._open.release()
            event = b""
            while line := await reader.readline():
                if line.startswith(b"event: "):
                    event = line
                elif line.startswith(b"data: ") and event == b"event: answer\n":
                    self._hear(json.loads(line[6:]))
        finally:
            writer.close()

    def _hear(self, answer: dict[str, Any]) -> None:
        now_ms = time.time_ns() / 1e6
        self.heard.append(Heard(answer["device"], answer["sequence"], answer["wall_ms"], now_ms))
