"""What is given to make a campaign: lengths and alphabets of texts."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contract.messages.envelope import Identifier
from hub.identity.schemas import Line, OptionalLine
from hub.sms.campaigns.policy import Policy, Trigger

Language = Literal["es", "ca", "ru", "en"]


class CampaignChange(BaseModel):
    """What may be decided anew; facility and survey stay."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    language: Language = "es"
    trigger: Trigger = Trigger.VISIT_ENDED
    keyword: Annotated[OptionalLine, Field(max_length=40)] = ""
    policy: Policy = Policy()


class NewCampaign(CampaignChange):
    """A campaign to be made; `survey` is its id where none is given."""

    id: Identifier
    facility: Identifier
    survey: Identifier | Literal[""] = ""
