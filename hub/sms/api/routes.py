"""All REST resources of SMS."""

from fastapi import APIRouter

from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.sms.api import alerts, campaigns, conversations, lists


def api(workplace: Workplace, access: Access) -> APIRouter:
    """Each asks for its own permissions."""
    router = APIRouter()
    for resource in (campaigns, lists, conversations, alerts):
        router.include_router(resource.api(workplace, access))
    return router
