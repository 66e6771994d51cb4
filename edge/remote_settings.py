"""The terminal's own settings with those of the hub laid over them, judged as a whole.

Decides what does not concern this terminal: what a screen or a camera is to do where there is none.
"""

import hashlib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contract.settings import BadSetting, Values
from contract.validation import own_words
from edge.durable import write_durably
from edge.settings import EdgeSettings


class OwnSettings:
    """Those of the terminal's own file; authorities that the hub names become a file in `folder`."""

    def __init__(self, own: EdgeSettings, folder: Path) -> None:
        self._own = own
        self._folder = folder
        self.trial_s = own.trial_s

    def laid_over(self, values: Values) -> EdgeSettings:
        """The settings to work by; BadSetting names the field that does not fit."""
        merged = self._own.model_dump(exclude_unset=True)
        for section, fields in values.items():
            if section == "hub":
                merged["hub_url"] = fields.get("url", self._own.hub_url)
            elif section == "broker":
                merged["broker"] = merged["broker"] | _broker(fields, self._folder)
            elif section in {"outbox", "health"} or getattr(self._own, section) is not None:
                merged[section] = merged.get(section, {}) | fields
        try:
            return EdgeSettings.model_validate(merged)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            raise BadSetting(field, own_words(first["msg"])) from None

    def is_link_touched(self, before: EdgeSettings, after: EdgeSettings) -> bool:
        """Whether the terminal speaks to the broker otherwise than before."""
        return before.broker != after.broker

    def is_hub_touched(self, before: EdgeSettings, after: EdgeSettings) -> bool:
        """Whether it asks the hub by HTTP otherwise than before; without an address it does not ask."""
        return after.hub is not None and before.hub != after.hub


def _broker(fields: dict[str, Any], folder: Path) -> dict[str, Any]:
    changed = {name: value for name, value in fields.items() if name != "ca"}
    authorities = fields.get("ca")
    if authorities is not None:
        digest = hashlib.sha256(authorities.encode()).hexdigest()[:16]
        path = folder / f"authorities-{digest}.pem"
        if not path.exists():
            write_durably(path, authorities.encode())
        changed["ca_file"] = str(path)
    return changed
