"""The form of a gateway: what was typed, what is wrong with it, and what is shown of one that is there.

Passwords go in and never come out: a field that is left empty keeps the one that is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from starlette.datastructures import FormData

from hub.core.errors import BadInput
from hub.core.keys import Vault
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.sms.gateways import registry
from hub.sms.gateways.kinds import KINDS, MADE_BY_US, is_secret, settings_of
from hub.sms.gateways.registry import NewGateway, Way

LONGEST = 500
MOST_PER_SECOND = 1000.0
MOST_A_PART = 1000.0
KIND_NAMES = {
    "kannel": N_("Kannel, a program of your own that speaks to networks"),
    "smpp": N_("SMPP account at a provider"),
    "twilio": N_("Twilio, or whoever speaks like it"),
    "modem": N_("SIM card in a terminal"),
    "simulated": N_("Telephones on a page, for trying out"),
}
_LABELS = {
    "sendsms": N_("Address of Kannel's sendsms"),
    "username": N_("User at Kannel"),
    "password": N_("Password"),
    "sender": N_("Number or name that patients see"),
    "hub": N_("Address at which this hub is reached from there"),
    "secret": N_("Password by which Kannel calls the hub"),
    "status": N_("Address of Kannel's status.xml"),
    "status_password": N_("Password of Kannel's status"),
    "quiet_s": N_("Seconds that a report may take at most"),
    "host": N_("Address of the message centre"),
    "port": N_("Port"),
    "system_id": N_("Account (system_id)"),
    "system_type": N_("system_type, where the provider asks for it"),
    "tls": N_("Encrypted (TLS)"),
    "account": N_("Account SID"),
    "token": N_("Auth token"),
    "api": N_("Address of the API"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a kind's settings."""

    name: str
    label: str
    value: str
    secret: bool
    made_by_us: bool
    optional: bool
    yes_or_no: bool
    example: str


@dataclass
class GatewayForm:
    """What is in the fields."""

    kind: str
    id: str = ""
    facility: str = ""
    rank: str = "0"
    per_second: str = "1"
    part_price: str = ""
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> list[Setting]:
        """The fields of its kind, passwords empty."""
        return [
            Setting(
                name,
                _LABELS.get(name, name),
                "" if is_secret(one) else self.told.get(name, ""),
                is_secret(one),
                is_secret(one) and self.kind in MADE_BY_US,
                not one.is_required() and not one.default and one.annotation is str,
                one.annotation is bool,
                _example(one.description or ""),
            )
            for name, one in KINDS[self.kind].model_fields.items()
        ]


def _example(description: str) -> str:
    """The address that a setting is described by, if it is described by one."""
    return description.partition(",")[0] if description.startswith("http") else ""


def blank(kind: str) -> GatewayForm:
    """Of a new one, with what is usual."""
    usual = {
        name: str(one.default)
        for name, one in KINDS[kind].model_fields.items()
        if not one.is_required() and not is_secret(one)
    }
    return GatewayForm(kind, told=usual)


def form_of(vault: Vault, way: Way) -> GatewayForm:
    """Of one that is there."""
    told = {name: str(value) for name, value in registry.settings(vault, way).items()}
    return GatewayForm(
        way.kind,
        way.name.id,
        way.facility,
        str(way.rank),
        f"{way.per_second:g}",
        str(way.part_price or ""),
        told,
    )


def typed(kind: str, given: FormData, id: str = "") -> GatewayForm:  # noqa: A002
    """What came in; `id` where it cannot be changed."""

    def text(name: str) -> str:
        return str(given.get(name, "")).strip()[:LONGEST]

    told = {name: text(name) for name in KINDS[kind].model_fields}
    return GatewayForm(
        kind,
        id or text("id"),
        text("facility"),
        text("rank"),
        text("per_second"),
        text("part_price"),
        told,
    )


def decided(form: GatewayForm, before: Mapping[str, Any] | None = None) -> NewGateway:
    """The gateway that the form describes; BadInput names the field that cannot be right."""
    settings = settings_of(form.kind, form.told, before)
    rank = _number("rank", form.rank, least=0, most=99)
    per_second = _number("per_second", form.per_second, least=0.01, most=MOST_PER_SECOND)
    price = _number("part_price", form.part_price or "0", least=0, most=MOST_A_PART)
    exact = Decimal(str(price))
    return NewGateway(form.id, form.kind, settings, form.facility, int(rank), per_second, exact)


def _number(name: str, written: str, *, least: float, most: float) -> float:
    try:
        number = float(written.replace(",", "."))
    except ValueError:
        number = -1.0
    if not least <= number <= most:
        raise BadInput(name, _("This cannot be right."))
    return number
