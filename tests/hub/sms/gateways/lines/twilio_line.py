"""Twilio's API, played by a server of ours."""

from pathlib import Path

from hub.sms.gateways.registry import NewGateway
from hub.sms.gateways.twilio.gateway import KIND, TwilioSettings
from tests.fakes.twilio_api import ACCOUNT, SENDER, TOKEN, TwilioApi
from tests.hub.sms.gateways.lines.office import Office


class TwilioLine:
    """The network puts long messages together by itself."""

    def __init__(self, _folder: Path, office: Office) -> None:
        self._api = TwilioApi()
        self._hub = office.url
        self._written = 0

    def gateway(self) -> NewGateway:
        settings = TwilioSettings(
            account=ACCOUNT, token=TOKEN, sender=SENDER, hub=self._hub, api=self._api.url
        )
        return NewGateway("main", KIND, settings, per_second=100)

    def ready(self) -> None:
        """It needs no connection before the first message."""

    def heard(self, telephone: str) -> list[str]:
        return [form["Body"] for form in self._api.messages if form["To"] == telephone]

    def write(self, telephone: str, text: str) -> None:
        self._written += 1
        form = {"MessageSid": f"SM{self._written}", "From": telephone, "To": SENDER, "Body": text}
        url = f"{self._hub}/sms/{KIND}/clinic/main/messages"
        for _ in range(2):  # as when the first answer was lost
            assert self._api.webhook(url, form).status_code == 200

    def write_in_parts(self, telephone: str, parts: list[str]) -> None:
        self.write(telephone, "".join(parts))

    def confirm(self) -> None:
        for form in self._api.messages:
            told = {"MessageSid": form["sid"], "MessageStatus": "delivered"}
            assert self._api.webhook(form["StatusCallback"], told).status_code == 204

    def cut(self) -> None:
        self._api.stop()

    def mend(self) -> None:
        self._api.start()

    def close(self) -> None:
        self._api.stop()
