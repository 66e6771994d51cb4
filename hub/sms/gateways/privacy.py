"""What gateways were given and gave, for whoever answers a patient's request."""

from hub.core.privacy.holders import Holder, SealedRows
from hub.core.texts import N_
from hub.sms.gateways.tables import SmsInbound, SmsOutgoing


def holders(days: int) -> list[Holder]:
    """What goes out is deleted, even when it waits; what came in stays without its words, to notice repetitions."""
    out = SmsOutgoing.__table__  # type: ignore[attr-defined]
    came = SmsInbound.__table__  # type: ignore[attr-defined]
    outgoing, inbound = N_("Messages on their way out"), N_("Messages as they came in")
    return [
        SealedRows("sms_outgoing", outgoing, days, out, "recipient", "created_ms", None),
        SealedRows("sms_inbound", inbound, days, came, "sender", "received_ms", b"{}"),
    ]
