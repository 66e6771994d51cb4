"""The settings as a form shows them: what each is called, and how what was typed is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from contract.settings import Values
from contract.surveys import Mode
from hub.core.texts import N_
from hub.fleet.configuration.rules import Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """One field; with `choices` one of them, else a number, a list of words, or a text."""

    section: str
    field: str
    title: str
    kind: str = "number"
    unit: str = ""
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.section}.{self.field}"


FIELDS = (
    Shown("screen", "mode", N_("Survey without one of its own"), "text", choices=get_args(Mode)),
    Shown("screen", "languages", N_("Languages of the screen"), "words"),
    Shown("screen", "brightness", N_("Brightness"), unit="%"),
    Shown("screen", "night", N_("Dim between (such as 21:00-07:00)"), "text"),
    Shown("screen", "question_s", N_("Waits for an answer"), unit="s"),
    Shown("screen", "form_s", N_("Waits for a telephone number"), unit="s"),
    Shown("screen", "thanks_s", N_("Says thank you"), unit="s"),
    Shown("camera", "zone", N_("The camera sees"), "text", choices=("patients", "staff")),
    Shown("camera", "near", N_("How large a face is near"), unit=""),
    Shown("camera", "frames_per_second", N_("Pictures of the camera"), unit="1/s"),
    Shown("camera", "cpu_percent", N_("Processor for the camera"), unit="%"),
    Shown("outbox", "rows", N_("Answers kept without the hub")),
    Shown("outbox", "megabytes", N_("Memory for them"), unit="MB"),
    Shown("health", "silent_open_hours", N_("A panel is silent after"), unit="h"),
    Shown("health", "touch_held_s", N_("The glass is stuck after"), unit="s"),
    Shown("broker", "host", N_("Broker's address"), "text"),
    Shown("broker", "port", N_("Broker's port")),
    Shown("broker", "ca", N_("Broker's authority (PEM)"), "long"),
    Shown("hub", "url", N_("Hub's address"), "text"),
)
SECTIONS = {
    "screen": N_("Screen"),
    "camera": N_("Camera"),
    "outbox": N_("While the hub is away"),
    "health": N_("Checks"),
    "broker": N_("The way to the broker"),
    "hub": N_("The way to the hub"),
}
"""In the order of the form."""
TITLES = {shown.name: shown.title for shown in FIELDS}


def read(typed: Mapping[str, str], known: Settings) -> Values:
    """What was typed, by section; an empty field is not set. What the form does not show stays as it is known."""
    values: Values = {section: dict(fields) for section, fields in known.items()}
    for shown in FIELDS:
        section = values.setdefault(shown.section, {})
        section.pop(shown.field, None)
        text = typed.get(shown.name, "").strip()
        if text:
            section[shown.field] = _value(shown, text)
    return {name: fields for name, fields in values.items() if fields}


def written(value: Any) -> str:
    """As it stands in a field."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def _value(shown: Shown, text: str) -> Any:
    """A number that is none stays a text, which the schema refuses by the field's name."""
    if shown.kind == "words":
        return text.replace(",", " ").split()
    if shown.kind != "number":
        return text
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text
