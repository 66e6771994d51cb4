"""All pages of SMS."""

from fastapi import APIRouter

from hub.core.pages import Pages
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.sms.web import (
    alert_pages,
    campaign_pages,
    chain_pages,
    conversation_pages,
    gateway_pages,
    list_pages,
    word_pages,
)

PARTS = (
    campaign_pages, list_pages, word_pages, conversation_pages, chain_pages, alert_pages, gateway_pages,
)  # fmt: skip


def pages(workplace: Workplace, access: Access, shown: Pages) -> APIRouter:
    """Each asks for its own permissions."""
    router = APIRouter()
    for part in PARTS:
        router.include_router(part.pages(workplace, access, shown))
    return router
