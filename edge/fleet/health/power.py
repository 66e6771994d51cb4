"""Whether the power supply is strong enough, and whether the firmware slows the processor down.

The firmware of a Raspberry Pi says both in one number, which `vcgencmd get_throttled` prints and the kernel shows as a
file: bits 0 to 3 hold now, bits 16 to 19 have held since the start. Other kernels only have the alarm of the voltage.
"""

from pathlib import Path

from edge.fleet.health.finding import Finding, Status
from edge.fleet.health.readings import read_number, read_text

UNDER_VOLTAGE, CAPPED, THROTTLED, TOO_WARM = 1, 2, 4, 8
BEFORE = 16
"""How many bits further what has been since the start is said."""
_THROTTLED_FILES = (
    "devices/platform/*/*firmware/get_throttled",
    "devices/platform/*firmware/get_throttled",
)

_SAID: tuple[tuple[int, Status, str, str], ...] = (
    (
        UNDER_VOLTAGE,
        "failure",
        "under_voltage",
        "The power supply is too weak: use the original one and a short cable.",
    ),
    (
        THROTTLED | CAPPED | TOO_WARM,
        "warning",
        "throttled",
        "The processor is slowed down, because it is too hot or short of power.",
    ),
    (
        UNDER_VOLTAGE << BEFORE,
        "warning",
        "under_voltage_before",
        "The power was too weak at times since the start: use the original supply and a short cable.",
    ),
)


def check_power(sys: Path) -> list[Finding]:
    """Nothing on a machine that does not say."""
    flags = _flags(sys)
    return [] if flags is None else [judged(flags)]


def judged(flags: int) -> Finding:
    """The worst that the firmware's number says."""
    for bits, status, reason, sentence in _SAID:
        if flags & bits:
            return Finding("power", status, detail=sentence, reason=reason)
    return Finding("power", "ok")


def _flags(sys: Path) -> int | None:
    for pattern in _THROTTLED_FILES:
        for file in sys.glob(pattern):
            if (flags := read_number(file, 16)) is not None:
                return flags
    for sensor in sys.glob("class/hwmon/hwmon*"):
        if read_text(sensor / "name") == "rpi_volt":
            alarm = read_number(sensor / "in0_lcrit_alarm")
            return None if alarm is None else UNDER_VOLTAGE * bool(alarm)
    return None
