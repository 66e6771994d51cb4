"""A message centre that speaks SMPP, and brings what was not acknowledged again."""

from pathlib import Path

from hub.sms.gateways.registry import NewGateway
from hub.sms.gateways.smpp.gateway import KIND, SmppSettings
from tests.fakes.message_centre import HEADED, SENDER, MessageCentre
from tests.hub.sms.gateways.lines.office import Office


class SmppLine:
    """Long messages go in parts, both ways."""

    def __init__(self, _folder: Path, _office: Office) -> None:
        self.centre = MessageCentre()

    def gateway(self) -> NewGateway:
        settings = SmppSettings(
            host="127.0.0.1", port=self.centre.port, system_id="hub", password="pw", sender=SENDER
        )
        return NewGateway("main", KIND, settings, per_second=100)

    def ready(self) -> None:
        self.centre.await_bound()

    def heard(self, telephone: str) -> list[str]:
        return self.centre.heard(telephone)

    def write(self, telephone: str, text: str) -> None:
        assert self.centre.deliver(telephone, text) == [0]

    def write_in_parts(self, telephone: str, parts: list[str]) -> None:
        for number, text in reversed(list(enumerate(parts, 1))):
            self.centre.deliver_part(telephone, text, (number, len(parts)))

    def confirm(self) -> None:
        for packet in self.centre.submitted:
            if packet.registered_delivery:
                self.centre.report(packet, self.centre.name(packet))
            else:
                assert packet.esm_class & HEADED

    def cut(self) -> None:
        self.centre.stop()

    def mend(self) -> None:
        self.centre.start()
        self.centre.await_bound()

    def close(self) -> None:
        self.centre.close()
