"""A real Kannel and its telephones."""

from pathlib import Path

from hub.sms.gateways.kannel.gateway import KIND
from hub.sms.gateways.registry import NewGateway
from tests.hub.sms.gateways.lines.office import Office
from tests.system.kannel import SENDER, Kannel
from tests.system.telephones import Telephones


class KannelLine:
    """Bearerbox, smsbox and the network behind them."""

    def __init__(self, folder: Path, office: Office) -> None:
        self.kannel = Kannel(folder / "kannel", office.url)
        self._past: list[Telephones] = []
        self.mend()

    def gateway(self) -> NewGateway:
        return NewGateway("main", KIND, self.kannel.settings, per_second=100)

    def ready(self) -> None:
        """It needs no connection before the first message."""

    def heard(self, telephone: str) -> list[str]:
        return [text for network in self._past for text in network.of(telephone)]

    def write(self, telephone: str, text: str) -> None:
        self._telephones.write(telephone, SENDER, text)

    def write_in_parts(self, telephone: str, parts: list[str]) -> None:
        for number, text in reversed(list(enumerate(parts, 1))):
            self._telephones.write_part(telephone, SENDER, text, part=(number, len(parts)))

    def confirm(self) -> None:
        """The fake network does it by itself."""

    def cut(self) -> None:
        self._telephones.close()
        self.kannel.kill()

    def mend(self) -> None:
        self.kannel.start()
        self._telephones = Telephones(self.kannel.network_port)
        self._past.append(self._telephones)

    def close(self) -> None:
        self.cut()
