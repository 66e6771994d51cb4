"""A terminal that is nothing but its protocols: is enrolled by HTTP, reports by MQTT over TLS, takes a release.

It fetches the files that a terminal fetches for an update of the application alone, checks their digests, installs
nothing, and says that it runs the new version. All bytes that it sends and hears above TCP and TLS are counted.
"""

import asyncio
import base64
import hashlib
import json
import ssl
import struct
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.apparatus.answers import variable_length
from contract.codec import encode, read_document
from contract.documents import DeviceState
from contract.enrolment import CHALLENGE, CLAIMS, CREDENTIALS, Credentials
from contract.jobs import OpenJobs, UpdateJob, read
from contract.messages import HealthReported, JobReported, Message, Stamp
from contract.releases import lock_target, served_name, wheel_target
from contract.topics import Channel, DeviceAddress, DeviceTopic
from edge.fleet.identity import CERTIFICATE, KEY, Identity

OLD = "1.0"
CHECKS = ("disk", "temperature", "clock")
_PUBLISH, _PUBACK = 0x30, 0x40


class Http:
    """Requests one by one over one connection, from an address of this machine; counts what passes."""

    def __init__(self, host: str, port: int, local: str) -> None:
        self._where = (host, port)
        self._local = local
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.bytes = 0

    async def ask(
        self, method: str, path: str, body: Any = None, login: tuple[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and content."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._where, local_addr=(self._local, 0))
        reader, writer = self._streams
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: hub\r\nAccept-Encoding: identity\r\n"
        if login is not None:
            basic = base64.b64encode(":".join(login).encode()).decode()
            head += f"Authorization: Basic {basic}\r\n"
        if content:
            head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        sent = head.encode() + b"\r\n" + content
        writer.write(sent)
        answer = await reader.readuntil(b"\r\n\r\n")
        fields = dict(
            line.lower().split(": ", 1) for line in answer.decode("latin-1").split("\r\n")[1:-2]
        )
        found = await reader.readexactly(int(fields.get("content-length", "0")))
        self.bytes += len(sent) + len(answer) + len(found)
        return int(answer.split(b" ", 2)[1]), found

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class SimulatedTerminal:
    """One of many."""

    def __init__(self, name: str, number: int, folder: Path, hub: tuple[str, int]) -> None:
        self.name = name
        self._folder = folder / name
        self._identity = Identity(self._folder)
        local = f"127.1.{number // 250}.{number % 250 + 1}"
        self.http = Http(*hub, local)
        self.mqtt_bytes = 0
        self._sequence = 0
        self._job: asyncio.Future[UpdateJob] = asyncio.get_running_loop().create_future()

    async def enrol(self, token: str) -> None:
        """From a token to a certificate."""
        given = {"request": self._identity.request(), "hardware": "bench", "token": token}
        await self._expect(201, "POST", CLAIMS, given)
        challenge = json.loads(await self._expect(200, "GET", CHALLENGE))["challenge"]
        asked = {"request": self._identity.request(challenge)}
        content = await self._expect(200, "POST", CREDENTIALS, asked)
        self._credentials = Credentials.model_validate_json(content)
        self._identity.keep(self._credentials)
        self.address = DeviceAddress(
            self._credentials.organisation, self._credentials.facility, self._credentials.device
        )
        self.http.close()

    async def connect(self) -> None:
        """To the broker, listening for jobs, and telling how it is."""
        broker = self._credentials.broker
        context = ssl.create_default_context(cadata=self._credentials.authorities)
        context.load_cert_chain(*self._certificate_files())
        self._reader, self._writer = await asyncio.open_connection(
            broker.host, broker.port, ssl=context, server_hostname=broker.host
        )
        flags = struct.pack("!BHB", 0x02, 0, 0)  # clean start; no keep-alive
        self._send(0x10, b"\x00\x04MQTT\x05" + flags + _text(self.name))
        _kind, body = await self._packet()
        if body[1]:
            raise ConnectionError(f"{self.name} was refused: {body[1]:#x}")
        topic = str(DeviceTopic(self.address, Channel.JOB))
        self._send(0x82, struct.pack("!HB", 1, 0) + _text(topic) + b"\x01")
        self._listening = asyncio.create_task(self._listen())
        self._say_state(OLD)
        for check in CHECKS:
            self._say(HealthReported, check=check, status="ok")

    async def take(self) -> None:
        """Wait to be asked, fetch what is asked for, and confirm it."""
        job = await self._job
        self._say(JobReported, job=job.job, outcome="running", step="fetching", release=OLD)
        release = await self._fetch(job)
        self._say(JobReported, job=job.job, outcome="done", step="confirmed", release=release)
        self._say_state(release)
        await self._writer.drain()

    async def poll(self) -> int:
        """Look whether there is anything new, there being nothing; the bytes that this took."""
        self.http.close()  # the hub does not wait for long with an idle connection
        before = self.http.bytes
        login = (self.name, self._credentials.password)
        await self._expect(404, "GET", "/releases/metadata/2.root.json", login=login)
        await self._expect(200, "GET", "/releases/metadata/timestamp.json", login=login)
        return self.http.bytes - before

    def close(self) -> None:
        self._listening.cancel()
        self._writer.close()
        self.http.close()

    async def _fetch(self, job: UpdateJob) -> str:
        """As a TUF client: next root, timestamp, snapshot, targets, channel, lock, and the wheel that it lacks."""
        login = (self.name, self._credentials.password)

        async def signed(name: str) -> Any:
            path = f"/releases/metadata/{name}.json"
            return json.loads(await self._expect(200, "GET", path, login=login))["signed"]

        await self._expect(404, "GET", "/releases/metadata/2.root.json", login=login)
        number = (await signed("timestamp"))["meta"]["snapshot.json"]["version"]
        meta = (await signed(f"{number}.snapshot"))["meta"]
        await signed(f"{meta['targets.json']['version']}.targets")
        channel = await signed(f"{meta[job.channel + '.json']['version']}.{job.channel}")
        lock = channel["targets"][lock_target(job.channel, job.release)]
        wheels = [wheel_target(job.channel, wheel) for wheel in lock["custom"]["wheels"]]
        for target in (lock_target(job.channel, job.release), *wheels):
            digest = channel["targets"][target]["hashes"]["sha256"]
            path = f"/releases/targets/{served_name(target, digest)}"
            content = await self._expect(200, "GET", path, login=login)
            if hashlib.sha256(content).hexdigest() != digest:
                raise ValueError(f"{target} is not what was signed")
        return job.release

    async def _expect(
        self, status: int, method: str, path: str, body: Any = None, **more: Any
    ) -> bytes:
        found, content = await self.http.ask(method, path, body, **more)
        if found != status:
            raise ConnectionError(f"{method} {path}: {found} {content[:300]!r}")
        return content

    async def _listen(self) -> None:
        while True:
            kind, body = await self._packet()
            if kind & 0xF0 != _PUBLISH:
                continue
            end = 2 + struct.unpack_from("!H", body)[0]
            if kind & 0x06:
                self._send(_PUBACK, body[end : end + 2])
                end += 2
            payload = body[end + 1 + body[end] :]
            for given in read_document(OpenJobs, payload).jobs:
                job = read(given)
                if isinstance(job, UpdateJob) and not self._job.done():
                    self._job.set_result(job)

    def _say(self, kind: type[Message], **fields: Any) -> None:
        self._sequence += 1
        message = kind(
            type=kind.__name__,
            device=self.name,
            epoch=1,
            sequence=self._sequence,
            time=self._stamp(),
            **fields,
        )
        topic = DeviceTopic(self.address, Channel.UP, kind.__name__)
        self._publish(str(topic), encode(message), retain=False)

    def _say_state(self, software: str) -> None:
        state = DeviceState(
            online=True,
            instance=f"{self.name}-{software}",
            epoch=1,
            highest=self._sequence,
            software=software,
            time=self._stamp(),
        )
        topic = str(DeviceTopic(self.address, Channel.STATE))
        self._publish(topic, state.model_dump_json(exclude_none=True).encode(), retain=True)

    def _publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        number = struct.pack("!H", self._sequence % 65_000 + 1)
        self._send(_PUBLISH | 0x02 | retain, _text(topic) + number + b"\x00" + payload)

    def _send(self, kind: int, body: bytes) -> None:
        packet = bytes([kind]) + variable_length(len(body)) + body
        self.mqtt_bytes += len(packet)
        self._writer.write(packet)

    async def _packet(self) -> tuple[int, bytes]:
        kind = (await self._reader.readexactly(1))[0]
        length = shift = 0
        while True:
            byte = (await self._reader.readexactly(1))[0]
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        body = await self._reader.readexactly(length)
        self.mqtt_bytes += 1 + shift // 7 + length
        return kind, body

    def _certificate_files(self) -> tuple[str, str]:
        return str(self._folder / CERTIFICATE), str(self._folder / KEY)

    def _stamp(self) -> Stamp:
        return Stamp(
            wall_ms=time.time_ns() // 1_000_000,
            boot_id=BOOT,
            uptime_ms=time.monotonic_ns() // 1_000_000,
            synchronised=True,
        )


BOOT = str(uuid4())


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("!H", len(raw)) + raw
