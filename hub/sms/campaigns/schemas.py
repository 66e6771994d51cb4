"""What is given to make a campaign: lengths and alphabets of texts."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from contract.messages.envelope import Identifier
from hub.sms.campaigns.policy import Policy, Trigger

Language = Literal["es", "ca", "ru", "en"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class NewCampaign(BaseModel):
    """A campaign to be made; `survey` is its id where none is given."""

    model_config = ConfigDict(extra="forbid")

    id: Identifier
    facility: Identifier
    name: Name
    survey: Identifier | Literal[""] = ""
    language: Language = "es"
    trigger: Trigger = Trigger.VISIT_ENDED
    keyword: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    policy: Policy = Policy()
