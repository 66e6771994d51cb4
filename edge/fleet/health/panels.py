"""Whether each panel is there and behaves: unplugged, stuck, denied, chattering, stormed."""

from edge.buttons.port import FactKind, PanelFact
from edge.fleet.health.finding import Finding, Status

_STATUS: dict[FactKind, Status] = {
    "connected": "ok",
    "mended": "ok",
    "dropped": "warning",
    "unbound": "warning",
    "stuck": "failure",
    "unplugged": "failure",
    "denied": "failure",
    "busy": "failure",
    "twins": "failure",
    "failed": "failure",
    "ended": "failure",
}

STORM = "Pressed more than eight times within a minute."


class PanelHealth:
    """Collects what the drivers and the press rules say; asked by the monitor."""

    def __init__(self) -> None:
        self._facts: dict[str, PanelFact] = {}
        self._bounces: dict[str, int] = {}
        self._storms: dict[str, bool] = {}
        self._heard: set[str] = set()

    def note(self, fact: PanelFact) -> None:
        """The newest fact about a panel replaces the one before."""
        self._facts[fact.panel] = fact

    def heard(self, panel: str) -> None:
        """A contact came from it; what the kernel had to drop before is over."""
        self._heard.add(panel)
        fact = self._facts.get(panel)
        if fact is not None and fact.kind == "dropped":
            self._facts[panel] = PanelFact(panel, "connected")

    def take_heard(self) -> set[str]:
        """The panels from which something came since this was asked last."""
        heard, self._heard = self._heard, set()
        return heard

    def connected(self) -> list[str]:
        """The panels that are there and behave, as far as they say."""
        return [panel for panel, fact in sorted(self._facts.items()) if _STATUS[fact.kind] == "ok"]

    def count_bounce(self, panel: str) -> None:
        """A contact that chattered: worn buttons do."""
        self._bounces[panel] = self._bounces.get(panel, 0) + 1

    def note_storm(self, panel: str) -> None:
        """Somebody hammers on a panel; told in the next report, and that it is over in the one after."""
        self._storms[panel] = True

    def __call__(self) -> list[Finding]:
        findings = [
            Finding(
                f"panel:{code_of(panel)}",
                _STATUS[fact.kind],
                self._bounces.get(panel, 0),
                "bounces",
                fact.detail,
                "" if _STATUS[fact.kind] == "ok" else fact.kind,
            )
            for panel, fact in sorted(self._facts.items())
        ]
        findings += [
            Finding(f"storm:{code_of(panel)}", "warning", detail=STORM, reason="storm")
            if now
            else Finding(f"storm:{code_of(panel)}", "ok")
            for panel, now in sorted(self._storms.items())
        ]
        self._storms = dict.fromkeys(self._storms, False)
        return findings


def code_of(panel: str) -> str:
    """A panel's name as a part of a check's."""
    return (
        "".join(c if c.isascii() and (c.isalnum() or c in "_.-") else "-" for c in panel)[:50]
        or "all"
    )
