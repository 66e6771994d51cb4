"""Which device node belongs to which panel: pure rules over what is plugged in.

A panel claims hardware by serial number or by port. A claim that two devices could answer is given
to neither: reading the wrong panel would credit one doctor with another's answers.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from edge.buttons.nodes import Hardware
from edge.buttons.port import PanelFact


@dataclass(frozen=True, slots=True)
class Claim:
    """What configuration says about one panel's hardware: `serial` or `port`, exactly one."""

    panel: str
    buttons: Mapping[int, int]  # code -> button number
    serial: str | None = None
    port: str | None = None
    model: str | None = None  # when known, another model in the same socket is not this panel

    def fits(self, node: Hardware) -> bool:
        if self.model is not None and node.model != self.model:
            return False
        return node.serial == self.serial if self.serial else node.port == self.port


@dataclass(frozen=True, slots=True)
class Binding:
    """A node's panel, and its code -> button table; None: the button is the code (learning)."""

    panel: str
    buttons: Mapping[int, int] | None

    def button(self, code: int) -> int | None:
        return code if self.buttons is None else self.buttons.get(code)


@dataclass(frozen=True, slots=True)
class Resolution:
    bindings: Mapping[str, Binding]  # by node path
    facts: Sequence[PanelFact]


Resolve = Callable[[Sequence[Hardware]], Resolution]


def claimed(claims: Sequence[Claim]) -> Resolve:
    """The rule for a configured terminal."""

    def resolve(nodes: Sequence[Hardware]) -> Resolution:
        claimants: dict[str, list[Claim]] = defaultdict(list)
        facts: list[PanelFact] = []
        for claim in claims:
            fitting = [node for node in nodes if claim.fits(node)]
            ports = sorted({node.port for node in fitting})
            if not fitting:
                facts.append(_absent(claim))
            elif len(ports) > 1:
                facts.append(PanelFact(claim.panel, "twins", _same_serial(claim, ports)))
            else:
                for node in fitting:
                    claimants[node.path].append(claim)
        bindings = {}
        for path, rivals in claimants.items():
            if len(rivals) == 1:
                bindings[path] = Binding(rivals[0].panel, rivals[0].buttons)
            else:
                facts += _contested(path, rivals)
        models = {claim.model for claim in claims}
        facts += [
            PanelFact(node.key, "unbound", f"{node.name} ({node.model}) on {node.port}.")
            for node in nodes
            if node.path not in claimants and node.model in models
        ]
        return Resolution(bindings, facts)

    return resolve


class Learning:
    """The rule while binding: every device is a panel of its own, named by its hardware key."""

    def __init__(self) -> None:
        self.seen: dict[str, Hardware] = {}  # by hardware key

    def __call__(self, nodes: Sequence[Hardware]) -> Resolution:
        keys = {node.path: hardware_key(node, nodes) for node in nodes}
        self.seen.update((keys[node.path], node) for node in nodes)
        return Resolution({path: Binding(key, None) for path, key in keys.items()}, ())


def hardware_key(node: Hardware, among: Sequence[Hardware]) -> str:
    """The serial number where there is one that no other plugged-in device has, else the port."""
    shared = any(other.serial == node.serial and other.port != node.port for other in among)
    return f"port {node.port}" if shared else node.key


def _absent(claim: Claim) -> PanelFact:
    key = f"serial number {claim.serial}" if claim.serial else f"device on port {claim.port}"
    return PanelFact(claim.panel, "unplugged", f"No {key} is plugged in.")


def _same_serial(claim: Claim, ports: Sequence[str]) -> str:
    return (
        f"Serial number {claim.serial} is on ports {' and '.join(ports)} at once: "
        f"unplug one, or bind panel '{claim.panel}' by its port."
    )


def _contested(path: str, rivals: Sequence[Claim]) -> list[PanelFact]:
    names = " and ".join(f"'{claim.panel}'" for claim in rivals)
    sentence = f"Panels {names} claim the same device {path}: run 'wellheard edge learn' for each."
    return [PanelFact(claim.panel, "twins", sentence) for claim in rivals]
