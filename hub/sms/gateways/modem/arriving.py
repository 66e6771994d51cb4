"""Takes in what terminals say of SMS; what comes from one that is no gateway of the clinic waits to be looked at."""

from contract.messages import SmsArrived, SmsReported
from hub.core.arrivals import Arrival, Refusal
from hub.core.unit_of_work import UnitOfWork
from hub.sms.gateways import receiving, registry
from hub.sms.gateways.modem.gateway import KIND
from hub.sms.gateways.port import DeliveryReport, DeliveryState, Inbound, Name, PartOf

_REACHED = {
    "taken": DeliveryState.TAKEN,
    "sent": DeliveryState.SUBMITTED,
    "delivered": DeliveryState.DELIVERED,
    "failed": DeliveryState.FAILED,
}


def record_messages(work: UnitOfWork, arrivals: list[Arrival[SmsArrived]]) -> list[Refusal]:
    """Messages that came in by modems."""
    refused = []
    for arrival in arrivals:
        name = _gateway(work, arrival)
        if name is None:
            refused.append(Refusal(arrival, "no_gateway", "This terminal is no gateway for SMS."))
        else:
            receiving.receive(work, _inbound(name, arrival.message))
    return refused


def record_reports(work: UnitOfWork, arrivals: list[Arrival[SmsReported]]) -> None:
    """How far the messages got that modems were given."""
    for arrival in arrivals:
        said, address = arrival.message, arrival.address
        report = DeliveryReport(
            address.organisation,
            address.device,
            _REACHED[said.state],
            message=said.message,
            reason=said.reason or "",
        )
        receiving.report(work, report)


def _gateway(work: UnitOfWork, arrival: Arrival[SmsArrived]) -> Name | None:
    name = Name(arrival.address.organisation, arrival.address.device)
    way = registry.find(work, name)
    return name if way is not None and way.kind == KIND else None


def _inbound(name: Name, said: SmsArrived) -> Inbound:
    part = None
    if said.reference is not None and said.part is not None and said.total is not None:
        part = PartOf(said.reference, said.part, said.total)
    return Inbound(name.organisation, name.id, said.carrier_id, said.sender, "", said.text, part)
