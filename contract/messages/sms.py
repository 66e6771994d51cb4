"""What a terminal with a modem says of SMS: messages that came in, and how far those it was given have got."""

from typing import Annotated, Literal

from pydantic import Field

from contract.messages.envelope import Code, Label, Message, Positive, Text


class SmsArrived(Message):
    """A message, or a part of one, came in by the modem. It names a telephone: encrypted at rest on both sides."""

    type: Literal["SmsArrived"] = "SmsArrived"
    carrier_id: Code
    """The same whenever the same message is reported."""
    sender: Annotated[Label, Field(min_length=1, max_length=64)]
    text: Text
    reference: Code | None = None
    part: Positive | None = None
    total: Positive | None = None


class SmsReported(Message):
    """How far a message got that the hub had given to the modem."""

    type: Literal["SmsReported"] = "SmsReported"
    message: Code
    state: Literal["taken", "sent", "delivered", "failed"]
    reason: Code | None = None
