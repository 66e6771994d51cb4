"""All REST resources of SMS."""

from hub.core.http_routes import Router
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.sms.api import alerts, campaigns, conversations, lists


def api(workplace: Workplace, access: Access) -> Router:
    """Each asks for its own permissions."""
    router = Router()
    for resource in (campaigns, lists, conversations, alerts):
        router.include(resource.api(workplace, access))
    return router
