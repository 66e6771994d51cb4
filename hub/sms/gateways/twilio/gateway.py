"""Twilio's REST API as a gateway, through its own helper library on an HTTP client of ours.

Decides which answers are final. Whether a message in doubt is there is looked up among the newest ones; they are not
searched by telephone, because that would put it into a URL.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx
from pydantic import Field
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from hub.sms.gateways import http_sending
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

KIND = "twilio"
LOOKED_THROUGH = 1000
"""Messages among which one in doubt is looked up."""
SETTLED_AFTER = timedelta(minutes=1)
"""A request takes no longer to become a message."""
CLOCKS_DIFFER = timedelta(seconds=30)

_TRY_AGAIN = {401, 403, 404, 429, 503}


class TwilioSettings(GatewaySettings):
    """The account, and where the hub can be reached from outside."""

    account: str = Field(description="Account SID")
    token: str = Field(repr=False, description="Auth token; signs webhooks, too")
    sender: str = Field(description="A number, a name, or the SID of a messaging service (MG…)")
    hub: str = Field(description="https://hub.clinic.example, as Twilio reaches the hub")
    api: str = Field(default="https://api.twilio.com", description="Whoever speaks the same API")


class Doubtful(Exception):
    """The request may have arrived."""


class TwilioGateway:
    """One account."""

    def __init__(
        self, name: Name, settings: TwilioSettings, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._name = name
        self._http = _Http(settings.api, http_sending.client(transport))
        self._client = Client(settings.account, settings.token, http_client=self._http)
        self._validator = RequestValidator(settings.token)

    def send(self, message: Outgoing) -> Sent:
        """Create a message whose reports carry our id."""
        service = self._settings.sender.startswith("MG")
        sender = {"messaging_service_sid" if service else "from_": self._settings.sender}
        try:
            created = self._client.messages.create(
                to=message.recipient,
                body=message.text,
                status_callback=self.url(f"reports?{urlencode({'message': message.id})}"),
                **sender,
            )
        except Doubtful as doubtful:
            return Unknown(str(doubtful))
        except TwilioRestException as error:
            return _verdict(error)
        return Accepted(created.sid)

    def inquire(self, message: Outgoing, doubt: Doubt) -> tuple[Finding, str | None]:
        """Whether it is among the newest messages of the account."""
        handed_over = datetime.fromtimestamp(doubt.handed_over_ms / 1000, UTC)
        since = handed_over - CLOCKS_DIFFER
        try:
            listed = self._client.messages.list(limit=LOOKED_THROUGH)
        except (Doubtful, TwilioException) as error:
            raise GatewayDown(type(error).__name__) from error
        for one in listed:
            same = (one.to, one.body) == (message.recipient, message.text)
            if same and one.date_created >= since:
                return Finding.THERE, one.sid
        all_seen = len(listed) < LOOKED_THROUGH or listed[-1].date_created < since
        settled = datetime.now(UTC) - handed_over > SETTLED_AFTER
        return (Finding.ABSENT if all_seen and settled else Finding.CANNOT_TELL), None

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def url(self, what: str) -> str:
        """An address of ours as Twilio knows it."""
        base = self._settings.hub.rstrip("/")
        return f"{base}/sms/{KIND}/{self._name.organisation}/{self._name.id}/{what}"

    def signed(self, what: str, form: Mapping[str, str], signature: str) -> bool:
        """Whether a request for this address of ours, with this form, comes from the account."""
        return bool(self._validator.validate(self.url(what), dict(form), signature))


def opened(name: Name, settings: Mapping[str, Any]) -> TwilioGateway:
    """The gateway of stored settings."""
    return TwilioGateway(name, TwilioSettings.model_validate(settings))


def _verdict(error: TwilioRestException) -> Sent:
    reason = f"twilio_{error.code or error.status}"
    if error.status in _TRY_AGAIN:
        raise GatewayDown(reason) from error
    return Refused(reason) if error.status < 500 else Unknown(reason)


class _Http:
    """What the helper library sends its requests by; to another address when the API is somebody else's."""

    def __init__(self, api: str, client: httpx.Client) -> None:
        self._api = urlsplit(api)
        self._client = client

    def request(  # noqa: PLR0917 - the library's signature
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the client's own
        allow_redirects: bool = False,
    ) -> Response:
        scheme, host, _, _, _ = self._api
        url = urlunsplit((scheme, host, *urlsplit(uri)[2:]))
        request = self._client.build_request(
            method, url, params=_plain(params), data=_plain(data), headers=headers
        )
        if auth is not None:
            request = next(httpx.BasicAuth(*auth).auth_flow(request))
        del allow_redirects  # none is ever followed: a message must not be posted twice
        answer = http_sending.sent(self._client, request)
        if isinstance(answer, Unknown):
            raise Doubtful(answer.reason)
        return Response(answer.status_code, answer.text, answer.headers)

    def close(self) -> None:
        self._client.close()


def _plain(values: dict[str, object] | None) -> dict[str, str] | None:
    return None if values is None else {name: str(value) for name, value in values.items()}
