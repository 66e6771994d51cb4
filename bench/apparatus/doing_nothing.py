"""An HTTP endpoint that takes every request and does nothing; counts them. Run as a program: prints its port, then,
after so many requests, the seconds from the first to the last.
"""

import asyncio
import sys
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Endpoint(asyncio.Protocol):
    """One connection; requests may come one after the other."""

    times: list[float] = []
    awaited = 0
    done: asyncio.Event

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, rest = self._read.partition(b"\r\n\r\n")
            lengths = [
                int(line.partition(b":")[2])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            ]
            length = lengths[0] if lengths else 0
            if len(rest) < length:
                return
            self._read = rest[length:]
            self._transport.write(ANSWER)
            self.times.append(time.perf_counter())
            if len(self.times) == self.awaited:
                self.done.set()


async def serve(awaited: int) -> None:
    """Until that many requests have come."""
    Endpoint.awaited, Endpoint.done = awaited, asyncio.Event()
    server = await asyncio.get_running_loop().create_server(Endpoint, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await Endpoint.done.wait()
    print(Endpoint.times[-1] - Endpoint.times[0], flush=True)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
