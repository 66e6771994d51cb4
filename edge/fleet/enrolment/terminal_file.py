"""`terminal.toml` of a terminal that has just been taken in: from what the hub said and what its card says besides."""

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from contract.enrolment import Credentials
from edge.durable import write_durably
from edge.fleet.enrolment.card import Card

NAME = "terminal.toml"


def write_settings(folder: Path, card: Card, found: Credentials) -> None:
    """Whole and durably; the last step of being taken in."""
    write_durably(folder / NAME, tomli_w.dumps(settings(card, found)).encode())


def write_place(folder: Path, found: Credentials) -> None:
    """The same terminal has another place from now on; everything else in the file stays."""
    document = tomllib.loads((folder / NAME).read_text("utf-8"))
    document |= {"organisation": found.organisation, "facility": found.facility}
    write_durably(folder / NAME, tomli_w.dumps(document).encode())


def settings(card: Card, found: Credentials) -> dict[str, Any]:
    """The document. A screen that the card has speaks for the touchpoint that the hub named, unless it names others;
    one that would speak for none is left out, or the terminal would not start.
    """
    own = card.settings
    screen = own.get("screen")
    if isinstance(screen, dict) and "touchpoints" not in screen:
        del own["screen"]
        if found.touchpoint:
            own["screen"] = {**screen, "touchpoints": [found.touchpoint]}
    hub = {"hub_url": card.hub_url} | ({"hub_ca_file": card.ca_file} if card.ca_file else {})
    return {
        "organisation": found.organisation,
        "facility": found.facility,
        "device": found.device,
        **hub,
        **own,
        "broker": found.broker.model_dump(),
    }
