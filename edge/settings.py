"""The terminal's settings: `terminal.toml`, which enrolment writes; its panels are in `panels.toml` beside it."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from contract.messages.envelope import Identifier
from contract.topics import DeviceAddress
from edge.broker import BrokerLogin
from edge.fleet.health.settings import HealthSettings
from edge.fleet.hub_client import HubLogin
from edge.fleet.updates.settings import UpdatesSettings
from edge.outbox import Limits
from edge.screen.settings import ScreenSettings
from edge.vision.settings import CameraSettings


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
    certificate_file: str | None = None
    key_file: str | None = None


class OutboxSettings(_Section):
    """How large the queue may grow before telemetry gives way."""

    rows: Annotated[int, Field(ge=100)] = 1_000_000
    megabytes: Annotated[int, Field(ge=1)] = 512


NOT_AT_WORK = {
    "eu": (
        "no smiles are counted in a zone marked 'staff': to infer emotions of people at work is prohibited by the "
        "EU AI Act, Regulation (EU) 2024/1689, article 5(1)(f)"
    ),
    "other": "no smiles are counted in a zone marked 'staff', but of patients only",
}


class SmsSettings(_Section):
    """A GSM modem that gammu-smsd drives."""

    smsd_database: Path
    """gammu-smsd's SQLite file."""


class EdgeSettings(_Section):
    """Everything in `terminal.toml`."""

    organisation: Identifier
    facility: Identifier
    device: Identifier
    region: Literal["eu", "other"] = "eu"
    """Whose law holds where the terminal stands."""
    broker: BrokerSettings
    outbox: OutboxSettings = OutboxSettings()
    hub_url: str | None = None
    """Where the hub's pages and files are."""
    hub_ca_file: str | None = None
    """Authorities that its certificate is checked against, beside the system's; empty: the broker's."""
    screen: ScreenSettings | None = None
    camera: CameraSettings | None = None
    sms: SmsSettings | None = None
    health: HealthSettings = HealthSettings()
    updates: UpdatesSettings | None = None
    trial_s: Annotated[float, Field(ge=1)] = 120
    """For the hub to answer over a connection that it has had changed; then the one before is taken back."""

    @field_validator("camera")
    @classmethod
    def _smiles_of_patients_only(
        cls, camera: CameraSettings | None, fields: ValidationInfo
    ) -> CameraSettings | None:
        if camera is not None and camera.smiles is not None and camera.zone == "staff":
            raise ValueError(NOT_AT_WORK[fields.data.get("region", "eu")])
        return camera

    @property
    def address(self) -> DeviceAddress:
        return DeviceAddress(self.organisation, self.facility, self.device)

    @property
    def login(self) -> BrokerLogin:
        return BrokerLogin(**self.broker.model_dump())

    @property
    def hub(self) -> HubLogin | None:
        """Where the hub is asked by HTTP, if that is known."""
        if self.hub_url is None:
            return None
        known = self.device if self.broker.password is not None else None
        ca_file = self.hub_ca_file or self.broker.ca_file
        return HubLogin(self.hub_url, known, self.broker.password, ca_file)

    def with_screen(self, port: int, touchpoints: tuple[str, ...]) -> Self:
        """These settings with a screen on this port: their own, or a usual one for these touchpoints."""
        screen = self.screen or ScreenSettings(touchpoints=touchpoints)
        return self.model_copy(update={"screen": screen.model_copy(update={"port": port})})

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
