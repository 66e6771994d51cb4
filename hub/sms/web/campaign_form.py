"""A campaign's form, as it is shown and as it is read back: hours, percent and lines of quotas in, a policy out.

Every field that cannot be right is told at once.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, ValidationError

from hub.core.texts import gettext as _
from hub.sms.campaigns.definitions import Campaign
from hub.sms.campaigns.policy import Policy, Trigger
from hub.sms.campaigns.schemas import CampaignChange

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00")
_QUOTA = re.compile(r"(.+?)\s*[:=;]\s*(\d{1,6})")
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 40

TIMES = ("from_minute", "until_minute")
NUMBERS = (
    "delay_minutes", "treatment_day", "latest_days", "daily_cap", "reminder_hours", "expiry_hours", "part_price",
)  # fmt: skip


class CampaignForm(BaseModel):
    """Everything as it was typed; `weekdays` 0 is Monday."""

    model_config = ConfigDict(extra="ignore")

    facility: str = ""
    name: str = ""
    language: str = "es"
    trigger: Trigger = Trigger.VISIT_ENDED
    keyword: str = ""
    gateway: str = ""
    delay_minutes: str = ""
    treatment_day: str = ""
    latest_days: str = ""
    from_minute: str = ""
    until_minute: str = ""
    weekdays: list[int] = []
    daily_cap: str = ""
    percent: str = ""
    quotas: str = ""
    seed: str = ""
    reminder_hours: str = ""
    expiry_hours: str = ""
    emergency: str = ""
    region: str = ""
    part_price: str = ""


class BadForm(Exception):
    """Some fields cannot be right; `problems` are sentences by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("a form with mistakes")
        self.problems = problems


def blank() -> CampaignForm:
    """A new campaign as most want it."""
    return CampaignForm(**_told(Policy()))


def form_of(campaign: Campaign) -> CampaignForm:
    """A campaign as its form shows it."""
    return CampaignForm(
        facility=campaign.facility,
        name=campaign.name,
        language=campaign.language,
        trigger=campaign.trigger,
        keyword=campaign.keyword,
        **_told(campaign.policy),
    )


def _told(policy: Policy) -> dict[str, Any]:
    told: dict[str, Any] = {name: _plain(getattr(policy, name)) for name in NUMBERS}
    told["part_price"] = told["part_price"] if policy.part_price else ""
    told |= {name: _clock(getattr(policy, name)) for name in TIMES}
    told |= {name: getattr(policy, name) for name in ("seed", "emergency", "region", "gateway")}
    quotas = "\n".join(f"{group}: {most}" for group, most in policy.quotas.items())
    percent = f"{policy.fraction * 100:g}"
    return told | {"weekdays": sorted(policy.weekdays), "percent": percent, "quotas": quotas}


def read_form(form: CampaignForm) -> CampaignChange:
    """What the form decides; BadForm."""
    problems: dict[str, str] = {}
    policy: dict[str, Any] = {
        name: getattr(form, name).replace(",", ".").strip() for name in NUMBERS
    }
    policy["daily_cap"] = policy["daily_cap"] or None
    policy["part_price"] = policy["part_price"] or "0"
    for name in TIMES:
        policy[name] = _minute(getattr(form, name).strip())
        if policy[name] is None:
            problems[name] = _("This is not a time such as 09:30.")
    policy["quotas"] = _quotas(form.quotas)
    if policy["quotas"] is None:
        problems["quotas"] = _("Write a group and its number in each line, such as cardiology: 50.")
    percent = _percent(form.percent)
    if percent is None:
        problems["percent"] = _("This is not a number above 0 and up to 100.")
    policy |= {name: getattr(form, name).strip() for name in ("seed", "emergency", "gateway")}
    policy |= {
        "weekdays": form.weekdays,
        "fraction": percent,
        "region": form.region.strip().upper(),
    }
    given = {
        "name": form.name,
        "language": form.language,
        "trigger": form.trigger,
        "keyword": form.keyword if form.trigger is Trigger.DEMONSTRATION else "",
        "policy": policy,
    }
    try:
        read = CampaignChange.model_validate(given)
    except ValidationError as error:
        for found in error.errors(include_url=False, include_input=False):
            field = str(found["loc"][1] if found["loc"][0] == "policy" else found["loc"][0])
            problems.setdefault("percent" if field == "fraction" else field, _wrong(field))
        raise BadForm(problems) from error
    if read.trigger is Trigger.DEMONSTRATION and not read.keyword:
        raise BadForm({"keyword": _("Say which word starts it.")})
    return read


def id_of(name: str) -> str:
    """A readable id, not taken yet: it names the folder in which lists are dropped."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = _NOT_IN_IDS.sub("-", plain).strip("-")[:_LONGEST_ID].strip("-") or "campaign"
    return f"{readable}-{uuid4().hex[:4]}"


def _wrong(field: str) -> str:
    match field:
        case "name":
            return _("This campaign needs a name, of at most 120 letters.")
        case "weekdays":
            return _("Choose at least one day.")
        case "emergency":
            return _("This is not an emergency number.")
        case "region":
            return _("This is not a country such as ES.")
        case _:
            return _("This number is not possible here.")


def _minute(written: str) -> int | None:
    found = _TIME.fullmatch(written)
    if found is None:
        return None
    return 24 * 60 if found[1] is None else int(found[1]) * 60 + int(found[2])


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _percent(written: str) -> float | None:
    try:
        share = float(written.replace(",", ".").strip().rstrip("%")) / 100
    except ValueError:
        return None
    return share if 0 < share <= 1 else None


def _quotas(written: str) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for line in filter(None, map(str.strip, written.splitlines())):
        parts = _QUOTA.fullmatch(line)
        if parts is None:
            return None
        found[parts[1]] = int(parts[2])
    return found


def _plain(value: object) -> str:
    return "" if value is None else f"{value}"
