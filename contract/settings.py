"""Which of a terminal's settings the hub may change, and what each may be: the same schema on both sides.

What is not set is left to the terminal's own file. A setting that this version does not know is refused by name, never
passed over: whoever set it must not believe that it holds. Whether settings fit a certain terminal (a survey needs a
panel that is large enough) is for that terminal to judge.
"""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator

from contract.messages.envelope import Natural, Part
from contract.surveys import Mode
from contract.validation import own_words

_NAME = re.compile(r"[a-z_]{1,40}")

Values = dict[str, dict[str, Any]]
"""Section and field to what they are set to."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Percent = Annotated[int | float, Field(ge=0, le=100)]


class BadSetting(ValueError):
    """What was given cannot be; the text begins with the name of the field, and does not repeat what was given."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class _Section(Part):
    model_config = ConfigDict(extra="forbid")


class BrokerChange(_Section):
    """Where the broker is; whoever changes it may cut a terminal off, so it is tried first."""

    host: Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$")] = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 8883
    tls: bool = True
    ca: Annotated[
        str,
        Field(
            max_length=16_000,
            pattern=r"^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s-]*-----END CERTIFICATE-----\s*$",
        ),
    ] = ""
    """Certificates of authorities, PEM."""


class HubChange(_Section):
    """Where the hub's pages and files are."""

    url: Annotated[str, Field(max_length=500, pattern=r"^https?://[^\s@]+$")] = ""


class OutboxChange(_Section):
    """How large the queue may grow before telemetry gives way."""

    rows: Annotated[int, Field(ge=100, le=100_000_000)] = 1_000_000
    megabytes: Annotated[int, Field(ge=1, le=1_000_000)] = 512


class ScreenChange(_Section):
    """What the touch screen asks, in which languages, how bright, and how long it waits for an answer."""

    mode: Mode = "express"
    languages: Annotated[list[Language], Field(min_length=1, max_length=8)] = []
    brightness: Annotated[int, Field(ge=20, le=100)] = 100
    """Per cent."""
    night: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")] = ""
    """Local hours during which a screen that waits is dim, such as 21:00-07:00."""
    question_s: Annotated[int, Field(ge=10, le=120)] = 20
    form_s: Annotated[int, Field(ge=30, le=600)] = 60
    thanks_s: Annotated[int, Field(ge=2, le=30)] = 4


class CameraChange(_Section):
    """Whom the camera looks at, and what looking may cost."""

    zone: Literal["patients", "staff"] = "patients"
    near: Annotated[int | float, Field(ge=0.03, le=1)] = 0.1
    frames_per_second: Annotated[int | float, Field(ge=1, le=60)] = 10
    cpu_percent: Annotated[int | float, Field(ge=1, le=400)] = 25


class LimitChange(_Section):
    """From where on a check warns, and from where on it fails."""

    warning: Annotated[int | float, Field(ge=0, le=1e9)]
    failure: Annotated[int | float, Field(ge=0, le=1e9)]


class UpperLimit(LimitChange):
    """Of something that is worse the more there is of it."""

    @model_validator(mode="after")
    def _failure_is_worse(self) -> Self:
        if self.failure < self.warning:
            raise ValueError("the failure must not come before the warning")
        return self


class LowerLimit(LimitChange):
    """Of something of which there must be enough."""

    @model_validator(mode="after")
    def _failure_is_worse(self) -> Self:
        if self.failure > self.warning:
            raise ValueError("the failure must not come before the warning")
        return self


class HealthChange(_Section):
    """Limits of the health checks."""

    temperature_c: UpperLimit | None = None
    disk_free_percent: LowerLimit | None = None
    memory_available_percent: LowerLimit | None = None
    clock_offset_ms: UpperLimit | None = None
    queue_age_s: UpperLimit | None = None
    round_trip_ms: UpperLimit | None = None
    connections_per_hour: UpperLimit | None = None
    silent_open_hours: Annotated[int | float, Field(gt=0, le=10_000)] = 8
    touch_held_s: Annotated[int | float, Field(ge=5, le=3600)] = 60


class TerminalSettings(_Section):
    """Every setting that there is; a field that was not given is not set."""

    broker: BrokerChange | None = None
    hub: HubChange | None = None
    outbox: OutboxChange | None = None
    screen: ScreenChange | None = None
    camera: CameraChange | None = None
    health: HealthChange | None = None

    @model_validator(mode="after")
    def _broker_has_a_host(self) -> Self:
        if self.broker is not None and "ca" in self.broker.model_fields_set and not self.broker.tls:
            raise ValueError("broker.ca: authorities are for a connection with TLS")
        return self


class SettingsDocument(Part):
    """In the desired configuration. `version` is that of the document in which these values came first."""

    version: Natural
    values: dict[str, Any] = {}
    """Judged by `checked`, apart from the rest: what is wrong with a setting is no reason to lose a rota."""


def checked(values: Any) -> Values:
    """The same settings, if every one of them may be; BadSetting names the first that may not."""
    try:
        found = TerminalSettings.model_validate(values)
    except ValidationError as error:
        raise _explained(error) from None
    return found.model_dump(exclude_unset=True, exclude_none=True)


def _explained(error: ValidationError) -> BadSetting:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "extra_forbidden":
        named = all(_NAME.fullmatch(str(part)) for part in first["loc"])
        field = ".".join(map(str, first["loc"])) if named else "settings"
        return BadSetting(field, "a setting that this version does not know")
    said = own_words(first["msg"])
    if not first["loc"]:
        field, _, reason = said.partition(": ")
        return BadSetting(field, reason) if reason else BadSetting("settings", field)
    return BadSetting(".".join(str(part) for part in first["loc"][:2]), said)
