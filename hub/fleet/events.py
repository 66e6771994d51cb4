"""News of the fleet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceStateChanged:
    """A device came, went, was stopped, or said something new about itself."""

    organisation: str
    facility: str
    device: str


@dataclass(frozen=True, slots=True)
class DeviceEnrolled:
    """A terminal is known, or has another place, from now on."""

    organisation: str
    facility: str
    device: str


@dataclass(frozen=True, slots=True)
class DeviceRevoked:
    """What a device showed itself with is believed no longer; another terminal may have taken its place."""

    organisation: str
    facility: str
    device: str


@dataclass(frozen=True, slots=True)
class DeviceReleased:
    """A person has let a stopped device speak again."""

    organisation: str
    facility: str
    device: str


@dataclass(frozen=True, slots=True)
class BootClockLearned:
    """Better is known now of wall time in one boot; what was stored with a worse time can be put right."""

    organisation: str
    facility: str
    device: str
    boot_id: str
    offset_ms: int
    by_hub: bool


@dataclass(frozen=True, slots=True)
class TerminalsNeedSomebody:
    """So many terminals of a facility have failed; these accounts want to be woken for it. Told seldom."""

    organisation: str
    facility: str
    count: int
    accounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """Terminals of a facility may be set to something else from now on."""

    organisation: str
    facility: str
