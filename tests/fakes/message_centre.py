"""A carrier's message centre that speaks SMPP 3.4, on a real port, in a thread with a loop of its own."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import smpp34

from hub.core.broker.listening import LOOPBACK, free_port
from hub.sms.gateways.smpp.alphabet import gsm_text, segments
from hub.sms.gateways.user_data import concatenation, part_of
from hub.sms.parts import Encoding
from tests.fakes.waiting import eventually

T = TypeVar("T")
SENDER = "+34960000001"
HEADED, RECEIPT = 0x40, 0x04


class MessageCentre:
    """Accepts everything. `submitted` are the packets; `heard` the whole messages of a telephone."""

    def __init__(self) -> None:
        self.port = free_port()
        self.submitted: list[smpp34.SubmitSmEvent] = []
        self.reject_with: int | None = None
        self._session: smpp34.Esme | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.start()

    def start(self) -> None:
        self._server = smpp34.Server(host=LOOPBACK, port=self.port, system_id="centre")
        self._run(self._server.start)
        self._task = asyncio.run_coroutine_threadsafe(self._serve(self._server), self._loop)

    def stop(self) -> None:
        """Unbinds first, so that nobody sends into a connection that is about to end."""
        if self._session is not None:
            self._run(self._session.unbind)
            eventually(lambda: self._session is None, 30)
        self._task.cancel()
        self._run(self._server.stop)
        self._session = None

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def await_bound(self) -> None:
        eventually(lambda: self._session is not None, 30)

    def deliver(self, telephone: str, text: str, *, times: int = 1) -> list[int]:
        """A message of a telephone; the answers' statuses."""
        encoding, (octets,) = segments(text)
        return [self._deliver(telephone, octets, encoding) for _ in range(times)]

    def deliver_part(self, telephone: str, text: str, part: tuple[int, int]) -> None:
        header = concatenation(9, *part)
        octets = header + text.encode("ascii")
        assert self._deliver(telephone, octets, Encoding.GSM_7, HEADED) == 0

    def report(self, packet: smpp34.SubmitSmEvent, name: str, state: str = "DELIVRD") -> None:
        """A receipt, with seconds in its dates as many centres write them."""
        told = f"id:{name} sub:001 dlvrd:001 submit date:261122130000 done date:261122130001 "
        octets = f"{told}stat:{state} err:000 text:".encode()
        assert self._deliver(packet.destination_addr, octets, Encoding.GSM_7, RECEIPT) == 0

    def name(self, packet: smpp34.SubmitSmEvent) -> str:
        return f"c{self.submitted.index(packet)}"

    def heard(self, telephone: str) -> list[str]:
        whole, parts = [], {}
        for packet in self.submitted:
            if f"+{packet.destination_addr}" != telephone:
                continue
            content = packet.short_message
            if not packet.esm_class & HEADED:
                whole.append(_text(packet, content))
                continue
            length = 1 + content[0]
            part = part_of(content[:length])
            assert part is not None
            parts[part.number] = _text(packet, content[length:])
            if part.number == part.total:
                whole.append("".join(parts[number] for number in sorted(parts)))
                parts = {}
        return whole

    def _deliver(
        self, telephone: str, octets: bytes, encoding: Encoding, esm_class: int = 0
    ) -> int:
        self.await_bound()
        assert self._session is not None
        deliver = partial(
            self._session.deliver_sm,
            SENDER.lstrip("+"),
            octets,
            source_addr=telephone.lstrip("+"),
            source_addr_ton=1,
            esm_class=esm_class,
            data_coding=8 if encoding is Encoding.UCS_2 else 0,
        )
        try:
            return self._run(deliver).command_status
        except smpp34.SmppError as refused:  # which names the status in its text alone
            return int(str(refused).rpartition("0x")[2].rstrip(")"), 16)

    async def _serve(self, server: smpp34.Server) -> None:
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                self._session = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                if self.reject_with is not None:
                    event.reject(self.reject_with)
                    continue
                self.submitted.append(event)
                event.accept(self.name(event))
            else:
                self._session = None

    def _run(self, begin: Callable[[], Awaitable[T]]) -> T:
        async def awaited() -> T:
            return await begin()  # the library wants to be called on the loop

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(30)


def _text(packet: smpp34.SubmitSmEvent, octets: bytes) -> str:
    return octets.decode("utf-16-be") if packet.data_coding == 8 else gsm_text(octets)
