"""The terminal's settings: `terminal.toml`, which enrolment writes; its panels are in `panels.toml` beside it."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from contract.messages.envelope import Code, Identifier
from contract.topics import DeviceAddress
from edge.broker import BrokerLogin
from edge.outbox import Limits
from edge.screen.geometry import Glass, usual_glass
from edge.screen.surveys import Mode
from edge.screen.wording import languages


class SettingsError(Exception):
    """The settings cannot be used; the text names the file, the field and what is wrong."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BrokerSettings(_Section):
    """Where the hub's broker is, and this terminal's name and password there."""

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 8883
    user: str | None = None
    password: Annotated[str | None, Field(repr=False)] = None
    tls: bool = False
    ca_file: str | None = None


class OutboxSettings(_Section):
    """How large the queue may grow before telemetry gives way."""

    rows: Annotated[int, Field(ge=100)] = 1_000_000
    megabytes: Annotated[int, Field(ge=1)] = 512


class ScreenSettings(_Section):
    """The touch screen: which touchpoints it speaks for, what it asks, and how large its glass is."""

    touchpoints: Annotated[tuple[Code, ...], Field(min_length=1)]
    mode: Mode = "express"
    languages: Annotated[tuple[str, ...], Field(min_length=1)] = ("es", "ca", "ru", "en")
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "ES"
    """Whose telephone numbers are meant where no country is dialled."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8460
    width_px: Annotated[int, Field(ge=320)] = 1280
    height_px: Annotated[int, Field(ge=320)] = 800
    width_mm: Annotated[float, Field(gt=50)] | None = None
    height_mm: Annotated[float, Field(gt=50)] | None = None
    night: Annotated[str, Field(pattern=r"^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d$")] | None = None
    """Local hours, such as 21:00-07:00, during which a screen that waits is dim."""
    pin_hash: str | None = None
    """Of the staff's PIN; without one the terminal makes its own (`wellheard edge staff-pin`)."""

    @field_validator("languages")
    @classmethod
    def _has_texts(cls, chosen: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(chosen) - set(languages()):
            raise ValueError(f"there are no texts in {', '.join(sorted(unknown))}")
        return chosen

    @property
    def glass(self) -> Glass:
        """The panel's size; the usual one for its resolution where it was not measured."""
        usual = usual_glass(self.width_px, self.height_px)
        return replace(
            usual,
            width_mm=self.width_mm or usual.width_mm,
            height_mm=self.height_mm or usual.height_mm,
        )


class EdgeSettings(_Section):
    """Everything in `terminal.toml`."""

    organisation: Identifier
    facility: Identifier
    device: Identifier
    broker: BrokerSettings
    outbox: OutboxSettings = OutboxSettings()
    hub_url: str | None = None
    """Where photographs are fetched from."""
    screen: ScreenSettings | None = None

    @property
    def address(self) -> DeviceAddress:
        return DeviceAddress(self.organisation, self.facility, self.device)

    @property
    def login(self) -> BrokerLogin:
        return BrokerLogin(**self.broker.model_dump())

    @property
    def limits(self) -> Limits:
        return Limits(self.outbox.rows, self.outbox.megabytes * 1024 * 1024)


def read_settings(path: Path) -> EdgeSettings:
    """The settings in a file; SettingsError says what is wrong with it."""
    try:
        return EdgeSettings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path}: {field}: {first['msg']}") from error
