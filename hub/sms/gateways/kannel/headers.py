"""Reads what Kannel's smsbox tells in headers and body about a message that came in."""

from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from hub.sms.gateways.port import DeliveryState, Inbound, Name, PartOf
from hub.sms.gateways.user_data import part_of

_REACHED = {
    1: DeliveryState.DELIVERED,
    2: DeliveryState.FAILED,
    4: DeliveryState.SUBMITTED,  # held by the network until the telephone is reachable
    8: DeliveryState.SUBMITTED,
    16: DeliveryState.FAILED,
}


class NotAMessage(ValueError):
    """A request that Kannel would not make; the text names what is wrong, and repeats nothing of it."""


def inbound(name: Name, carrier_id: str, headers: Mapping[str, str], body: bytes) -> Inbound:
    """The message of a request; its headers' names in lower case."""
    sender = headers.get("x-kannel-from", "")
    if not sender or not carrier_id:
        raise NotAMessage("X-Kannel-From and id: both are needed.")
    return Inbound(
        name.organisation,
        name.id,
        carrier_id,
        sender,
        headers.get("x-kannel-to", ""),
        _text(headers, body),
        _part(headers.get("x-kannel-udh", "")),
    )


def state(told: int) -> DeliveryState | None:
    """How far a message got, of Kannel's number for it."""
    return _REACHED.get(told)


def _text(headers: Mapping[str, str], body: bytes) -> str:
    if headers.get("x-kannel-coding") == "2" and "charset" not in headers.get("content-type", ""):
        return body.decode("utf-16-be", "replace")
    charset = headers.get("content-type", "").partition("charset=")[2].strip('"; ').lower()
    encoding = "utf-16-be" if charset in {"utf-16be", "utf-16"} else "utf-8"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _part(header: str) -> PartOf | None:
    return part_of(unquote_to_bytes(header)) if header else None
