"""Conversations, for whoever answers a patient's request: scores and meanings stay, telephones and words go."""

from hub.core.privacy.holders import Holder, SealedRows
from hub.core.texts import N_
from hub.sms.conversations.tables import SmsConversation, SmsMessage


def holders(days: int) -> list[Holder]:
    """The conversations, and what was said in them."""
    talks = SmsConversation.__table__  # type: ignore[attr-defined]
    said = SmsMessage.__table__  # type: ignore[attr-defined]
    conversations, messages = N_("Conversations by SMS"), N_("Messages by SMS")
    return [
        SealedRows("sms_conversations", conversations, days, talks, "recipient", "opened_ms", b""),
        SealedRows("sms_messages", messages, days, said, "recipient", "at_ms", b""),
    ]
