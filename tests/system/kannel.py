"""A real Kannel on free ports: bearerbox, smsbox, and the network of `telephones`, each of which can be killed.

Its configuration is the one that the hub writes for its operator, so what the tests show holds for that.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe

import httpx

from hub.core.broker.listening import LOOPBACK, free_port
from hub.sms.gateways.kannel.configuration import Places, configuration
from hub.sms.gateways.kannel.gateway import KannelSettings
from hub.sms.gateways.kannel.status import parse
from hub.sms.gateways.port import Name
from tests.fakes.waiting import eventually
from tests.system.processes import PATIENCE_S, Process

SENDER = "217"
MAIN = Name("clinic", "main")


class Kannel:
    """`settings` are what the hub is told of it; `network_port` is where telephones connect."""

    def __init__(self, folder: Path, hub: str, name: Name = MAIN) -> None:
        self.name = name
        self.network_port = free_port()
        self.settings = KannelSettings(
            sendsms=f"http://{LOOPBACK}:{free_port()}/cgi-bin/sendsms",
            password=token_urlsafe(12),
            sender=SENDER,
            hub=hub,
            secret=token_urlsafe(12),
            status=f"http://{LOOPBACK}:{free_port()}/status.xml",
            status_password=token_urlsafe(12),
            quiet_s=1,
        )
        (folder / "spool").mkdir(parents=True)
        self._file = folder / "kannel.conf"
        places = Places(str(folder), smsbox_port=free_port(), again_after_s=1)
        network = (
            f"group = smsc\nsmsc = fake\nsmsc-id = fake\nport = {self.network_port}\n"
            f'connect-allow-ip = "{LOOPBACK}"\n'
        )
        self._file.write_text(configuration(name, self.settings, places, network))
        self.bearerbox = Process("bearerbox", lambda: ["bearerbox", str(self._file)], folder)
        self.smsbox = Process("smsbox", lambda: ["smsbox", str(self._file)], folder)
        self._smsbox_port = places.smsbox_port

    def start(self) -> None:
        """Until messages are taken."""
        self.bearerbox.start()
        eventually(lambda: _listens(self._smsbox_port) and _listens(self.network_port), PATIENCE_S)
        self.smsbox.start()
        eventually(lambda: _listens(httpx.URL(self.settings.sendsms).port or 0), PATIENCE_S)

    def stop(self) -> None:
        """As its operator stops it: what it has taken stays in its spool."""
        self.bearerbox.end()
        self.smsbox.kill()

    def waiting(self) -> int:
        """How many messages it holds that have not gone out."""
        query = {"password": self.settings.status_password}
        return parse(httpx.get(self.settings.status, params=query).content).waiting

    def kill(self) -> None:
        """Both boxes, as a power cut."""
        self.smsbox.kill()
        self.bearerbox.kill()


@contextmanager
def kannel(folder: Path, hub: str, name: Name = MAIN) -> Iterator[Kannel]:
    """A Kannel that runs as long as the block; `hub` is the address it brings messages and reports to."""
    made = Kannel(folder, hub, name)
    made.start()
    try:
        yield made
    finally:
        made.kill()


def _listens(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), 1).close()
    except OSError:
        return False
    return True
