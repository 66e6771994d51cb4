"""The first start of a terminal: nothing is asked of patients until a hub has taken it in.

Waits for the card to name a hub and for the hub to accept the key, shows how it stands, and writes `terminal.toml`
last: whatever ends this before then, the next start begins where it was, with the same key.
"""

import platform
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from contract.enrolment import Credentials
from edge.fleet.enrolment.asking import Asking, Board, Hindered, Waiting
from edge.fleet.enrolment.card import Card, read_card
from edge.fleet.enrolment.terminal_file import write_settings
from edge.fleet.hub_client import HubClient
from edge.fleet.identity import IDENTITY, Identity

LOOK_AGAIN_S = 5.0
CONNECT_S, SILENCE_S = 2.5, 5.0
"""A step asks three times at most, and must end before the watchdog of systemd bites."""
DEVICE_TREE = Path("/proc/device-tree")

Show = Callable[[Waiting | Hindered | None], None]
"""How it stands; None: no hub is known."""


def enrol(
    folder: Path,
    show: Show,
    stopping: threading.Event,
    card: Card | None = None,
    *,
    look_again_s: float = LOOK_AGAIN_S,
    pet: Callable[[], None] = lambda: None,
) -> Credentials | None:
    """Until a hub has taken the terminal in; None when `stopping` was first. `card` in the place of the one that lies
    in the folder or on the boot partition; `pet` is called at every step. CardUnusable, KeyUnusable.
    """
    identity = Identity(folder / IDENTITY)
    asking: Asking | None = None
    while not stopping.is_set():
        pet()
        if asking is None and (card := card or read_card(folder)) is not None:
            asking = Asking(
                HubClient(card.hub, connect_s=CONNECT_S, silence_s=SILENCE_S),
                identity,
                card,
                board(),
            )
        standing = asking.step() if asking else None
        if isinstance(standing, Credentials) and card is not None:
            write_settings(folder, card, standing)
            return standing
        shown = None if isinstance(standing, Credentials) else standing
        show(shown)
        stopping.wait(shown.ask_again_s if isinstance(shown, Waiting) else look_again_s)
    return None


def board() -> Board:
    """What is known of the machine."""
    return Board(
        hardware=_device_tree("model") or platform.machine(),
        serial=_device_tree("serial-number")[:64],
        software=f"wellheard {version('wellheard')}",
    )


def _device_tree(name: str) -> str:
    try:
        return (DEVICE_TREE / name).read_text().strip("\x00\n ")[:200]
    except OSError:
        return ""
