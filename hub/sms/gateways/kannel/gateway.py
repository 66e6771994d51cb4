"""Kannel as a gateway: sends by sendsms, with everything personal in headers and body, and our id in the report's URL.

Decides when Kannel certainly never had a message: it and its smsbox have been running since before it was handed over,
nothing waits in them, and a message that was handed over later has been reported on. Kannel reports on each message as
soon as the network has it, in their order, and asks again until the hub takes the report.
"""

import hmac
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import httpx
from pydantic import Field

from hub.sms.gateways import http_sending
from hub.sms.gateways.kannel.status import NotAStatus, parse
from hub.sms.gateways.port import (
    Accepted,
    Doubt,
    Finding,
    GatewayDown,
    Name,
    Outgoing,
    Refused,
    Sent,
    Unknown,
)
from hub.sms.gateways.registry import GatewaySettings
from hub.sms.parts import Encoding, parts_of

KIND = "kannel"
USER = "kannel"
"""What Kannel calls itself when it asks something of us."""
ALL_REPORTS = "31"


class KannelSettings(GatewaySettings):
    """Where Kannel is and where it finds us, and the passwords between us."""

    sendsms: str = Field(description="http://host:13013/cgi-bin/sendsms")
    username: str = "wellheard"
    password: str = Field(repr=False)
    sender: str = Field(description="The number or name that patients see")
    hub: str = Field(description="http://host:8080, as Kannel reaches the hub")
    secret: str = Field(repr=False, description="Kannel's password for the hub")
    status: str = Field(default="", description="http://host:13000/status.xml")
    status_password: str = Field(default="", repr=False)
    quiet_s: int = Field(default=60, description="How long a report may take at most")


class KannelGateway:
    """One Kannel."""

    def __init__(
        self, name: Name, settings: KannelSettings, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.settings = settings
        self._name = name
        self._client = http_sending.client(transport)
        self._opened_s = time.monotonic()

    def send(self, message: Outgoing) -> Sent:
        """By POST: nothing of it is in a URL, which Kannel and others would log."""
        answer = http_sending.sent(self._client, self._request(message))
        if isinstance(answer, Unknown):
            return answer
        if answer.is_success:
            return Accepted()
        if answer.status_code in {401, 403, 404, 429, 503}:
            raise GatewayDown(f"http_{answer.status_code}")
        if answer.status_code < 500:
            return Refused(f"http_{answer.status_code}")
        return Unknown(f"http_{answer.status_code}")

    def inquire(self, message: Outgoing, doubt: Doubt) -> tuple[Finding, str | None]:
        """Kannel cannot be asked for a message; what can be known is that it has none left."""
        del message
        waited_s = time.time() - doubt.handed_over_ms / 1000
        heard_s = time.monotonic() - self._opened_s
        if not doubt.later_reported or not self.settings.status:
            return Finding.CANNOT_TELL, None
        if min(waited_s, heard_s) < self.settings.quiet_s:
            return Finding.CANNOT_TELL, None
        try:
            answer = self._client.get(
                self.settings.status, params={"password": self.settings.status_password}
            )
            status = parse(answer.content)
        except (httpx.HTTPError, NotAStatus) as error:
            raise GatewayDown(type(error).__name__) from error
        nothing_left = status.up_s > waited_s + 1 and status.waiting == 0
        return (Finding.ABSENT if nothing_left else Finding.CANNOT_TELL), None

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def knows(self, username: str, password: str) -> bool:
        """Whether it is this Kannel that asks something of us."""
        given = f"{username}:{password}".encode()
        return hmac.compare_digest(given, f"{USER}:{self.settings.secret}".encode())

    def _request(self, message: Outgoing) -> httpx.Request:
        wide = parts_of(message.text).encoding is Encoding.UCS_2
        headers = {
            "X-Kannel-Username": self.settings.username,
            "X-Kannel-Password": self.settings.password,
            "X-Kannel-From": self.settings.sender,
            "X-Kannel-To": message.recipient,
            "X-Kannel-Coding": "2" if wide else "0",
            "X-Kannel-DLR-Mask": ALL_REPORTS,
            "X-Kannel-DLR-Url": report_url(self.settings, self._name, message.id),
            "Content-Type": "text/plain; charset=UTF-8",
        }
        return self._client.build_request(
            "POST", self.settings.sendsms, headers=headers, content=message.text.encode()
        )


def opened(name: Name, settings: Mapping[str, Any]) -> KannelGateway:
    """The gateway of stored settings."""
    return KannelGateway(name, KannelSettings.model_validate(settings))


def report_url(settings: KannelSettings, name: Name, message: str) -> str:
    """Where Kannel reports on a message; `%d` is filled in by Kannel."""
    return f"{callback(settings, name, 'reports')}?{urlencode({'message': message})}&state=%d"


def message_url(settings: KannelSettings, name: Name) -> str:
    """Where Kannel brings what comes in; `%I` is Kannel's own id of it."""
    return f"{callback(settings, name, 'messages')}?id=%I"


def callback(settings: KannelSettings, name: Name, what: str) -> str:
    """An address of ours with Kannel's password, which Kannel sends in a header and not in the URL."""
    scheme, host, path, _, _ = urlsplit(settings.hub)
    login = f"{USER}:{quote(settings.secret, safe='')}"
    path = f"{path.rstrip('/')}/sms/{KIND}/{name.organisation}/{name.id}/{what}"
    return urlunsplit((scheme, f"{login}@{host}", path, "", ""))
