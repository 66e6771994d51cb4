"""All that is kept of patients for SMS. The ledger of opt-outs is not among it: it protects them, and names nobody."""

from hub.core.privacy.holders import Holder
from hub.sms.conversations import privacy as conversations
from hub.sms.gateways import privacy as gateways
from hub.sms.people import privacy as people

DAYS = 365


def holders() -> list[Holder]:
    """Of every part."""
    return [*people.holders(DAYS), *conversations.holders(DAYS), *gateways.holders(DAYS)]
