"""The kinds of gateways that somebody can add, and reading what one is told from what was typed.

Decides that a password which is left empty stays as it was, and that passwords between Kannel and us are made by us.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from hub.core.errors import BadInput
from hub.core.texts import gettext as _
from hub.sms.gateways.kannel import gateway as kannel
from hub.sms.gateways.modem import gateway as modem
from hub.sms.gateways.registry import GatewaySettings
from hub.sms.gateways.smpp import gateway as smpp
from hub.sms.gateways.twilio import gateway as twilio

KINDS: dict[str, type[GatewaySettings]] = {
    kannel.KIND: kannel.KannelSettings,
    modem.KIND: modem.ModemSettings,
    smpp.KIND: smpp.SmppSettings,
    twilio.KIND: twilio.TwilioSettings,
}
MADE_BY_US = {kannel.KIND}


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting is shown to nobody."""
    return not field.repr


def settings_of(
    kind: str, given: Mapping[str, str], before: Mapping[str, Any] | None = None
) -> GatewaySettings:
    """What was typed, over what was there; BadInput names the first setting that cannot be right."""
    known = before or {}
    told: dict[str, Any] = {}
    for name, field in KINDS[kind].model_fields.items():
        if given.get(name):
            told[name] = given[name]
        elif is_secret(field) and name in known:
            told[name] = known[name]
        elif is_secret(field) and kind in MADE_BY_US:
            told[name] = secrets.token_urlsafe(18)
    return validated(kind, told)


def validated(kind: str, told: Mapping[str, Any]) -> GatewaySettings:
    """The settings, or BadInput."""
    try:
        return KINDS[kind].model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        missing = first["type"] == "missing"
        detail = _("This is needed.") if missing else _("This cannot be right.")
        raise BadInput(".".join(map(str, first["loc"])), detail) from error
