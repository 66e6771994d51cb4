"""The documents on the other channels: a device's state, the hub's confirmation and announcement."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contract.limits import MAX_CONFIGURATION_BYTES
from contract.messages.envelope import Code, Label, Natural, Part, Positive, Stamp
from contract.messages.observations import Range
from contract.settings import SettingsDocument

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class DeviceState(Part):
    """Retained on `state`: published at each connection and every minute; the broker publishes the will.

    It is sent live and never queued, so its `time` also tells the hub what the terminal's clocks say *now*.
    """

    online: bool
    instance: Code
    """One run of the agent. A run that comes back after another took over means a cloned card."""
    epoch: Natural = 0
    highest: Natural = 0
    """The highest sequence minted in this epoch; what the hub has not seen up to it is missing."""
    pending: Natural = 0
    refused: Natural = 0
    """Presses since the start that could not be stored and were not thanked for."""
    software: Annotated[Label, Field(max_length=64)] = ""
    time: Stamp | None = None


class Confirmation(Part):
    """On `confirmed`: of this epoch everything up to `up_to`, and the ranges `also`, is stored for good."""

    epoch: Natural
    up_to: Natural
    also: Annotated[list[Range], Field(max_length=500)] = []
    stopped: Literal["fork"] | None = None
    """The hub takes nothing more from this identity until a person has looked: two terminals share it."""


class RotaShift(Part):
    """Who sits at a touchpoint from `starts_ms` until just before `ends_ms` (UTC)."""

    shift: Code
    touchpoint: Code
    employee: Code
    starts_ms: Natural
    ends_ms: Natural


class OpenHours(Part):
    """The facility is open from `opens_ms` until just before `closes_ms` (UTC)."""

    opens_ms: Natural
    closes_ms: Natural


class Employee(Part):
    """Somebody a patient may meet, as the touch screen shows them."""

    employee: Code
    name: Annotated[Label, Field(min_length=1, max_length=120)]
    speciality: Annotated[Label, Field(max_length=120)] = ""
    specialities: Annotated[
        dict[Language, Annotated[Label, Field(max_length=120)]], Field(max_length=20)
    ] = {}
    """The speciality in other languages; `speciality` stands for those that are missing."""
    languages: Annotated[list[Language], Field(max_length=20)] = []
    photo: Sha256 | None = None
    """The photograph's SHA-256; its bytes are fetched from the hub by this name."""


class ScreenSurvey(Part):
    """What is asked at some touchpoints, in which words; answers name `survey` and `version`.

    `texts` are the clinic's own words by language and by the keys of `contract.wording`; what is missing there is said
    in the standard words. `consent` is the version of the text to which whoever leaves a number agrees.
    """

    survey: Code
    version: Positive
    mode: Code
    touchpoints: Annotated[list[Code], Field(max_length=200)] = []
    texts: Annotated[
        dict[Language, Annotated[dict[Code, Label], Field(max_length=12)]], Field(max_length=8)
    ] = {}
    consent: Code


class ScreenConfiguration(Part):
    """What a terminal's touch screen asks; None leaves it to the terminal's own settings."""

    mode: Code | None = None
    touchpoints: Annotated[list[Code], Field(max_length=20)] = []
    languages: Annotated[list[Language], Field(max_length=20)] = []
    pin_hash: Annotated[str, Field(max_length=200)] | None = None
    surveys: Annotated[list[ScreenSurvey], Field(max_length=20)] = []
    """Of the facility's touchpoints; they stand before `mode`."""
    receipts: Annotated[str, Field(max_length=200, pattern=r"^https?://\S+$")] | None = None
    """The page on which whoever has a receipt's code sees what became of it; behind `#` it takes the code."""


class PhotographConfiguration(Part):
    """Whether photographs are taken with answers; `policy` is the code of a `contract.photographs.Policy`."""

    policy: Code = "off"
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """The hub's public key, X25519 in hexadecimal; without one nothing is photographed."""


class DesiredConfiguration(Part):
    """Retained on `desired`: what the hub wants a terminal to know. `version` counts up."""

    most_bytes: ClassVar[int] = MAX_CONFIGURATION_BYTES

    version: Natural
    rota: Annotated[list[RotaShift], Field(max_length=400)] = []
    employees: Annotated[list[Employee], Field(max_length=200)] = []
    screen: ScreenConfiguration | None = None
    photographs: PhotographConfiguration | None = None
    settings: SettingsDocument | None = None
    """None says nothing; no values are the terminal's own settings again."""
    hours: Annotated[list[OpenHours], Field(max_length=200)] | None = None
    """When the facility is open, some days back and two weeks ahead, in the order of time; None where it is unknown."""
    hours_until_ms: Natural | None = None
    """Until when `hours` tell; behind it, and where they tell no end, nothing is known."""


class ReportedSettings(Part):
    """Which settings hold, and what became of others that were tried."""

    version: Natural
    """The version that the terminal works by; 0 is its own file alone."""
    tried: Natural | None = None
    outcome: Literal["trial", "refused", "reverted"] | None = None
    """Of `tried`: it is being tried, it may not be, or it cut the terminal off and was taken back."""
    reason: Annotated[Label, Field(max_length=200)] = ""
    """Begins with the name of the field, where one is to blame."""


class ReportedConfiguration(Part):
    """Retained on `reported`: the version that the terminal works by."""

    version: Natural
    refused: Annotated[Label, Field(max_length=200)] = ""
    """Why the newest document could not be read at all; the terminal goes on by `version`."""
    settings: ReportedSettings | None = None


class HubAnnounced(Part):
    """Retained on the hub's topic: a new `instance` tells devices to send again what is not confirmed."""

    online: bool
    instance: Code
