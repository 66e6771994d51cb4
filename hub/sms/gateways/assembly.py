"""How the parts of the gateways are joined: the kinds there are, what the ticker looks after, and who may call."""

from functools import partial

from hub.core.clock import Clock
from hub.core.http_routes import Router
from hub.core.jobs.ticker import Duty
from hub.core.keys import Vault
from hub.core.unit_of_work import Workplace
from hub.sms.gateways import receiving
from hub.sms.gateways.calling import Callers
from hub.sms.gateways.clearance import Clearance
from hub.sms.gateways.dispatching import Dispatcher
from hub.sms.gateways.doubts import Doubts
from hub.sms.gateways.intake import Intake, Ready, store
from hub.sms.gateways.kannel import gateway as kannel
from hub.sms.gateways.kannel import routes as kannel_routes
from hub.sms.gateways.modem import gateway as modem
from hub.sms.gateways.registry import Opener, OpenGateways
from hub.sms.gateways.simulated import gateway as simulated
from hub.sms.gateways.simulated.network import SimulatedNetwork
from hub.sms.gateways.smpp import gateway as smpp
from hub.sms.gateways.twilio import gateway as twilio
from hub.sms.gateways.twilio import routes as twilio_routes


def open_gateways(
    vault: Vault,
    workplace: Workplace,
    downlink: modem.Downlink,
    ready: Ready,
    telephones: SimulatedNetwork | None = None,
) -> OpenGateways:
    """Every kind, that to simulated `telephones` only where there are some; none is connected yet."""
    openers: dict[str, Opener] = {
        kannel.KIND: kannel.opened,
        modem.KIND: modem.opener(workplace, downlink),
        smpp.KIND: smpp.opener(partial(store, workplace, ready=ready)),
        twilio.KIND: twilio.opened,
    }
    if telephones is not None:
        openers[simulated.KIND] = simulated.opener(telephones)
    return OpenGateways(vault, openers)


def duties(
    workplace: Workplace, clock: Clock, gateways: OpenGateways, clearance: Clearance
) -> list[Duty]:
    """Sending, keeping connections, settling doubts, ending the wait for lost parts."""
    return [
        *Dispatcher(workplace, clock, gateways, clearance).duties(),
        *gateways.duties(workplace),
        *Doubts(workplace, clock, gateways).duties(),
        *receiving.duties(workplace),
    ]


def webhooks(workplace: Workplace, gateways: OpenGateways, ready: Ready) -> list[Router]:
    """What carriers call."""
    callers, intake = Callers(workplace, gateways), Intake(workplace, ready)
    return [kannel_routes.webhooks(callers, intake), twilio_routes.webhooks(callers, intake)]
