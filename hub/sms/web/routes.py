"""All pages of SMS."""

from hub.core.http_routes import Router
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


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Each asks for its own permissions."""
    router = Router()
    for part in PARTS:
        router.include(part.pages(workplace, access, shown))
    return router
