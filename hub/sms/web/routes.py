"""All pages of SMS."""

from fastapi import APIRouter

from hub.core.pages import Pages
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.sms.web import alert_pages, campaign_pages, conversation_pages, list_pages, word_pages


def pages(workplace: Workplace, access: Access, shown: Pages) -> APIRouter:
    """Each asks for its own permissions."""
    router = APIRouter()
    for part in (campaign_pages, list_pages, word_pages, conversation_pages, alert_pages):
        router.include_router(part.pages(workplace, access, shown))
    return router
