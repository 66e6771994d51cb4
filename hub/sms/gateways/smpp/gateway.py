"""An SMPP account as a gateway: keeps a session bound, sends by it, and takes in what it delivers.

Decides which of the message centre's answers are final. A message centre cannot be asked for a message whose name was
lost with the connection: such a one waits for its receipt, which tells the telephone.
"""

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import smpp34
import structlog
from pydantic import Field

from hub.sms.gateways.intake import News
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
from hub.sms.gateways.registry import GatewaySettings, Opener
from hub.sms.gateways.smpp import delivered
from hub.sms.gateways.smpp.alphabet import segments
from hub.sms.gateways.smpp.session import OK, Broken, Login, Session
from hub.sms.gateways.user_data import concatenation
from hub.sms.parts import Encoding

log = structlog.get_logger()

KIND = "smpp"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0

_HEADER_BEFORE_TEXT = 0x40
_CODING = {Encoding.GSM_7: 0, Encoding.UCS_2: 8}
_INTERNATIONAL, _NATIONAL, _ALPHANUMERIC, _ISDN = 1, 0, 5, 1
_TRY_AGAIN = {0x08, 0x14, 0x58, 0x64}
"""System error, queue full, throttled, temporary error."""

Take = Callable[[News], bool]
"""Stores what came in; returns when it is durable."""


class SmppSettings(GatewaySettings):
    """The account at the message centre."""

    host: str
    port: int = 2775
    system_id: str = Field(max_length=15)
    password: str = Field(max_length=8, repr=False)
    system_type: str = Field(default="", max_length=12)
    tls: bool = False
    sender: str = Field(description="The number or name that patients see")


class SmppGateway:
    """Connects by itself, and again when the connection ends."""

    def __init__(self, name: Name, settings: SmppSettings, take: Take) -> None:
        self._name = name
        self._settings = settings
        self._take = take
        self._namer = delivered.Namer()
        self._references = itertools.count(1)
        self._session: Session | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._keep_bound, name=f"smpp-{name.id}", daemon=True
        )
        self._thread.start()

    def send(self, message: Outgoing) -> Sent:
        """All its parts, in their order; the receipt is asked for the last one."""
        session = self._session
        if session is None:
            raise GatewayDown("not_bound")
        encoding, pieces = segments(message.text)
        reference = next(self._references)
        answer = None
        for number, piece in enumerate(pieces, 1):
            header = concatenation(reference, number, len(pieces)) if len(pieces) > 1 else b""
            last = number == len(pieces)
            make = self._packet(message.recipient, header + piece, encoding, bool(header), last)
            try:
                answer = session.submit(make)
            except Broken as broken:
                return Unknown(str(broken))
            except GatewayDown:
                if number == 1:
                    raise
                return Unknown("cut_between_parts")
            if answer.status != OK:
                return _verdict(answer.status, first=number == 1)
        named = b"" if answer is None else answer.body.partition(b"\0")[0]
        return Accepted(named.decode("latin-1") or None)

    def inquire(self, message: Outgoing, doubt: Doubt) -> tuple[Finding, str | None]:
        """Only the receipt can tell."""
        del message, doubt
        return Finding.CANNOT_TELL, None

    def close(self) -> None:
        """Unbind."""
        self._ended.set()
        session = self._session
        if session is not None:
            session.close()
        self._thread.join(5)

    def _keep_bound(self) -> None:
        told = self._settings
        login = Login(
            told.host, told.port, told.system_id, told.password, told.system_type, told.tls
        )
        pause = FIRST_PAUSE_S
        while not self._ended.is_set():
            try:
                self._session = Session(login, self._deliver)
            except GatewayDown as down:
                log.warning("sms_gateway_down", gateway=self._name.id, reason=str(down))
                pause = min(2 * pause, LONGEST_PAUSE_S)
            else:
                pause = FIRST_PAUSE_S
                if self._ended.is_set():  # closed while it was being made
                    self._session.close()
                self._session.serve()
                self._session = None
            self._ended.wait(pause)

    def _deliver(self, packet: smpp34.DeliverSm) -> None:
        if delivered.is_receipt(packet):
            self._take(delivered.receipt(self._name, packet))
            return
        carrier_id = self._namer.name(packet, time.time_ns() // 1_000_000)
        self._take(delivered.inbound(self._name, packet, carrier_id))
        self._namer.stored(packet)

    def _packet(
        self, recipient: str, content: bytes, encoding: Encoding, headed: bool, last: bool
    ) -> Callable[[int], bytes]:
        sender = self._settings.sender
        international, named = sender.startswith("+"), not sender.lstrip("+").isdigit()
        kind = _ALPHANUMERIC if named else _INTERNATIONAL if international else _NATIONAL

        def make(number: int) -> bytes:
            return smpp34.SubmitSm(
                sender.lstrip("+"),
                recipient.lstrip("+"),
                content,
                source_addr_ton=kind,
                source_addr_npi=0 if named else _ISDN,
                dest_addr_ton=_INTERNATIONAL,
                dest_addr_npi=_ISDN,
                esm_class=_HEADER_BEFORE_TEXT if headed else 0,
                registered_delivery=1 if last else 0,
                data_coding=_CODING[encoding],
                sequence_number=number,
            ).encode()

        return make


def opener(take: Take) -> Opener:
    """Makes gateways of stored settings that bring what comes in to `take`."""

    def opened(name: Name, settings: Mapping[str, Any]) -> SmppGateway:
        return SmppGateway(name, SmppSettings.model_validate(settings), take)

    return opened


def _verdict(status: int, *, first: bool) -> Sent:
    if not first:
        return Unknown(f"smpp_{status:#x}")
    if status in _TRY_AGAIN:
        raise GatewayDown(f"smpp_{status:#x}")
    return Refused(f"smpp_{status:#x}")
