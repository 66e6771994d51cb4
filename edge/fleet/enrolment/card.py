"""`enrolment.toml`: what a terminal's card says of its hub before the terminal has settings.

It lies in the agent's folder, where the first start of a prepared card puts it, or on the boot partition, where any
computer can write it. Sections that it has besides become the terminal's own settings.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contract.messages.envelope import Identifier
from edge.fleet.hub_client import HubLogin

NAME = "enrolment.toml"
BOOT_PARTITIONS = (Path("/boot/firmware/wellheard"), Path("/boot/wellheard"))
ADDRESS = r"^https?://[^\s/]+(/[^\s]*)?$"


class CardUnusable(Exception):
    """The file cannot be used; the text names it, the field and what is wrong."""


class Card(BaseModel):
    """Where the hub is, and what the terminal shows there beside its key."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    hub_url: Annotated[str, Field(pattern=ADDRESS)]
    token: Annotated[str | None, Field(repr=False)] = None
    """One-time; none: somebody has to type the code on the screen."""
    device: Identifier | None = None
    """What the terminal would be called, if nobody has another idea."""
    ca_file: str | None = None
    """Authorities that the hub's certificate is checked against beside the system's; beside this file."""

    @property
    def settings(self) -> dict[str, Any]:
        """Whatever else is in it: sections of `terminal.toml`."""
        return dict(self.model_extra or {})

    @property
    def hub(self) -> HubLogin:
        """As a stranger."""
        return HubLogin(self.hub_url, ca_file=self.ca_file)


def read_card(folder: Path, boot: Sequence[Path] = BOOT_PARTITIONS) -> Card | None:
    """The first that is there, of the agent's folder and the boot partitions; None where there is none."""
    for place in (folder, *boot):
        path = place / NAME
        if path.exists():
            return _read(path)
    return None


def _read(path: Path) -> Card:
    try:
        card = Card.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CardUnusable(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise CardUnusable(f"{path}: {field}: {first['msg']}") from error
    if card.ca_file is None:
        return card
    return card.model_copy(update={"ca_file": str(path.parent / card.ca_file)})
