"""A terminal's modem: the agent's own parts and a real gammu-smsd, without the broker between hub and terminal."""

import threading
from concurrent.futures import Future
from pathlib import Path

from contract.codec import read_document
from contract.documents import DeviceState
from contract.sms import SmsCommand, password_hash
from contract.topics import Channel, DeviceTopic
from edge.clock import SystemClock
from edge.outbox import Draft, Outbox, Stored
from edge.sms.modem import Modem
from edge.sms.smsd import Smsd
from hub.core.arrivals import Delivery
from hub.fleet import registry as fleet
from hub.sms.gateways.modem.gateway import KIND, ModemSettings
from hub.sms.gateways.registry import NewGateway
from hub.sms.gateways.user_data import concatenation
from tests.edge.sms.gammu import Gammu
from tests.fakes.waiting import eventually
from tests.hub.clinic import NORTH
from tests.hub.sms.gateways.lines.office import PATIENCE_S, Office

PASSWORD = "of the terminal"


class ModemLine:
    """What the terminal says is brought to the hub as soon as it is in the outbox."""

    def __init__(self, folder: Path, office: Office) -> None:
        self._office = office
        self._gammu = Gammu(folder / "sms")
        self._gammu.process.start()
        eventually(self._gammu.is_up, PATIENCE_S)
        self._outbox = Outbox(folder / "outbox.db", NORTH.device)
        self._bringing = threading.Lock()
        self._said: list[SmsCommand] = []
        modem = Smsd(self._gammu.database)
        self._modem = Modem(folder, modem, lambda: password_hash(PASSWORD), SystemClock())
        with office.workplace.begin() as work:
            fleet.enrol(work, NORTH)
            fleet.remember_password(work, NORTH.device, password_hash(PASSWORD))
        office.downlink.join(self._publish)
        self._modem.start(self._submit)
        self.mend()

    def gateway(self) -> NewGateway:
        return NewGateway(NORTH.device, KIND, ModemSettings(), per_second=100)

    def ready(self) -> None:
        """It is there."""

    def heard(self, telephone: str) -> list[str]:
        return self._gammu.heard(telephone)

    def write(self, telephone: str, text: str) -> None:
        self._gammu.write(telephone, text)

    def write_in_parts(self, telephone: str, parts: list[str]) -> None:
        for number, text in reversed(list(enumerate(parts, 1))):
            self._gammu.write(telephone, text, concatenation(7, number, len(parts)))

    def confirm(self) -> None:
        self._gammu.deliver_all()

    def cut(self) -> None:
        self._tell(online=False)

    def mend(self) -> None:
        self._tell(online=True)

    def close(self) -> None:
        self._modem.stop()
        self._gammu.process.kill()
        self._outbox.close()

    def _publish(self, topic: DeviceTopic, payload: bytes) -> None:
        assert topic == DeviceTopic(NORTH, Channel.SMS)
        command = read_document(SmsCommand, payload)
        assert b"+34" not in payload
        for _ in range(2):  # as a broker may that did not hear the acknowledgement
            self._modem.command(command)

    def _submit(self, drafts: list[Draft]) -> "Future[list[Stored]]":
        done: Future[list[Stored]] = Future()
        done.set_result(self._outbox.append(drafts))
        self._bring()
        return done

    def _bring(self) -> None:
        with self._bringing:
            entries = self._outbox.entries(0, 100)
            now_ms = self._office.clock.now_ms()
            topics = {one.type: DeviceTopic(NORTH, Channel.UP, one.type) for one in entries}
            self._office.inbox.store(
                [Delivery(str(topics[one.type]), one.payload, now_ms) for one in entries]
            )
            for one in entries:
                self._outbox.confirm(one.epoch, one.sequence, [], last=one.position)

    def _tell(self, *, online: bool) -> None:
        state = DeviceState(online=online, instance="one")
        topic = DeviceTopic(NORTH, Channel.STATE)
        payload = state.model_dump_json().encode()
        self._office.inbox.store([Delivery(str(topic), payload, self._office.clock.now_ms())])
