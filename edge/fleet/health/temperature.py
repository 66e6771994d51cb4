"""The processor's temperature; a Pi slows down at 80 °C."""

from pathlib import Path

from edge.fleet.health.finding import Finding, Limits
from edge.fleet.health.readings import read_number

ZONE = "class/thermal/thermal_zone0/temp"
HOT = "The terminal is too hot: give it air, or move it out of the sun."


def check_temperature(sys: Path, limits: Limits) -> list[Finding]:
    """Degrees Celsius; nothing on a machine without a sensor."""
    thousandths = read_number(sys / ZONE)
    if thousandths is None:
        return []
    celsius = thousandths / 1000
    status = limits.status(celsius)
    bad = status != "ok"
    return [
        Finding(
            "temperature",
            status,
            round(celsius, 1),
            "°C",
            HOT if bad else "",
            "hot" if bad else "",
        )
    ]
