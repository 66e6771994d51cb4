"""The rules of a press: contacts in; presses, with flags, out. Pure: no I/O and no clock of its own.

Decides what is one press and which presses are doubtful. Nothing is dropped for being doubtful: a
flagged answer is stored and counted apart. No rule looks at what a button means, only at when and
whether the buttons differ. Numbers: docs of figures and policies, section "Presses".
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from edge.buttons.port import Contact, PanelFact

SECOND = 1_000_000_000
Flag = Literal["repeat", "play", "storm", "out_of_hours"]
IsOpen = Callable[[int], bool | None]


@dataclass(frozen=True, slots=True)
class PressPolicy:
    """Limits, in nanoseconds and counts. Windows include their end."""

    debounce_ns: int = 30_000_000
    repeat_ns: int = 5 * SECOND
    play_window_ns: int = 10 * SECOND
    play_presses: int = 4
    play_buttons: int = 3
    storm_window_ns: int = 60 * SECOND
    storm_above: int = 8
    stuck_ns: int = 60 * SECOND


@dataclass(frozen=True, slots=True)
class Pressed:
    """One press. `number` counts from 1 over all panels and lets a `Reflag` name it later."""

    number: int
    panel: str
    button: int
    at_ns: int
    flags: frozenset[Flag]


@dataclass(frozen=True, slots=True)
class Reflag:
    """Presses told earlier turn out to deserve a flag too."""

    panel: str
    presses: tuple[int, ...]
    flag: Flag


@dataclass(frozen=True, slots=True)
class Alert:
    """Told once when a storm begins on a panel."""

    panel: str
    at_ns: int


@dataclass(frozen=True, slots=True)
class Bounce:
    """The contact chattered: to be counted, not to be recorded as a press."""

    panel: str
    button: int
    at_ns: int


Outcome = Pressed | Reflag | Alert | Bounce | PanelFact


@dataclass(slots=True)
class _Button:
    edge_ns: int | None = None  # the last edge, either way
    down: bool = False
    since_ns: int = 0  # when the present press began
    stuck: bool = False


@dataclass(slots=True)
class _Recent:
    number: int
    button: int
    at_ns: int
    play: bool = False


@dataclass(slots=True)
class _Panel:
    recent: deque[_Recent]
    buttons: dict[int, _Button] = field(default_factory=dict)
    now_ns: int = 0
    storming: bool = False


class PressRules:
    """The state of the rules over all panels of a terminal.

    `is_open` answers for a CLOCK_MONOTONIC instant whether the clinic is open, None when the wall
    clock cannot be trusted. Memory: one entry a button, and a handful of presses a panel.
    """

    def __init__(self, policy: PressPolicy | None = None, is_open: IsOpen | None = None) -> None:
        self._policy = policy or PressPolicy()
        self._is_open = is_open or (lambda _at_ns: None)
        self._panels: dict[str, _Panel] = {}
        self._number = 0

    def contact(self, contact: Contact) -> list[Outcome]:
        """What this edge amounts to; contacts of one panel are given in the order they came."""
        panel = self._panel(contact.panel)
        # Two event nodes of one panel may be read a little out of order.
        at_ns = panel.now_ns = max(contact.at_ns, panel.now_ns)
        button = panel.buttons.setdefault(contact.button, _Button())
        since_edge = None if button.edge_ns is None else at_ns - button.edge_ns
        button.edge_ns = at_ns
        if not contact.down:
            return self._up(contact, button, at_ns)
        button.down = True
        if since_edge is not None and since_edge < self._policy.debounce_ns:
            return [Bounce(contact.panel, contact.button, at_ns)]
        button.since_ns = at_ns
        button.stuck = False
        return self._press(contact, panel, at_ns)

    def tick(self, now_ns: int) -> list[Outcome]:
        """Buttons that have been down too long by now; call about once a second."""
        outcomes: list[Outcome] = []
        for name, panel in self._panels.items():
            for number, button in panel.buttons.items():
                held_ns = now_ns - button.since_ns
                if button.down and not button.stuck and held_ns > self._policy.stuck_ns:
                    button.stuck = True
                    sentence = f"Button {number} has been down for {held_ns // SECOND} s."
                    outcomes.append(PanelFact(name, "stuck", sentence))
        return outcomes

    def _panel(self, name: str) -> _Panel:
        if name not in self._panels:
            # Enough for every rule: one that needs more presses than are kept is fulfilled already.
            kept = max(self._policy.play_presses, self._policy.storm_above + 1)
            self._panels[name] = _Panel(deque(maxlen=kept))
        return self._panels[name]

    def _up(self, contact: Contact, button: _Button, at_ns: int) -> list[Outcome]:
        mended = button.stuck
        button.down = button.stuck = False
        if not mended:
            return []
        button.since_ns = at_ns
        return [PanelFact(contact.panel, "mended", f"Button {contact.button} came up.")]

    def _press(self, contact: Contact, panel: _Panel, at_ns: int) -> list[Outcome]:
        self._number += 1
        policy = self._policy
        flags: set[Flag] = set()
        if panel.recent and at_ns - panel.recent[-1].at_ns <= policy.repeat_ns:
            flags.add("repeat")
        if self._is_open(at_ns) is False:
            flags.add("out_of_hours")
        press = _Recent(self._number, contact.button, at_ns)
        panel.recent.append(press)
        followed: list[Outcome] = []
        if burst := self._play(panel.recent, at_ns):
            flags.add("play")
            press.play = True
            if earlier := tuple(p.number for p in burst if not p.play):
                followed.append(Reflag(contact.panel, earlier, "play"))
            for played in burst:
                played.play = True
        if self._storm(panel.recent, at_ns):
            flags.add("storm")
            if not panel.storming:
                followed.append(Alert(contact.panel, at_ns))
        panel.storming = "storm" in flags
        pressed = Pressed(press.number, contact.panel, contact.button, at_ns, frozenset(flags))
        return [pressed, *followed]

    def _play(self, recent: deque[_Recent], at_ns: int) -> list[_Recent]:
        """The burst that this press completes or continues, or nothing."""
        burst = [p for p in recent if at_ns - p.at_ns <= self._policy.play_window_ns]
        many = len(burst) >= self._policy.play_presses
        mixed = len({p.button for p in burst}) >= self._policy.play_buttons
        return burst if many or mixed else []

    def _storm(self, recent: deque[_Recent], at_ns: int) -> bool:
        within = sum(at_ns - p.at_ns <= self._policy.storm_window_ns for p in recent)
        return within > self._policy.storm_above
