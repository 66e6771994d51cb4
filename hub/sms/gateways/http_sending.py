"""One request that must not be made twice: which failures say that it has certainly not arrived."""

import httpx

from hub.sms.gateways.port import GatewayDown, Unknown

ANSWER_WITHIN_S = 15.0

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""Nothing of the request has been written."""


def client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A new connection for each request: one that was kept open may be closed just when it is used again."""
    if transport is None:
        transport = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
    return httpx.Client(transport=transport, timeout=ANSWER_WITHIN_S)


def sent(client: httpx.Client, request: httpx.Request) -> httpx.Response | Unknown:
    """The answer; GatewayDown when the request certainly did not arrive, Unknown when it may have."""
    try:
        return client.send(request)
    except _NOT_SENT as error:
        raise GatewayDown(type(error).__name__) from error
    except httpx.HTTPError as error:
        return Unknown(type(error).__name__)
