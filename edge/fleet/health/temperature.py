"""The processor's temperature; a Pi slows down at 80 °C."""

from pathlib import Path

from edge.fleet.health.finding import Finding, Status

WARNING_C = 75.0
FAILURE_C = 82.0
ZONE = Path("/sys/class/thermal/thermal_zone0/temp")


def check_temperature(zone: Path = ZONE) -> Finding | None:
    """Degrees Celsius; None on a machine without a sensor."""
    try:
        celsius = int(zone.read_text()) / 1000
    except (OSError, ValueError):
        return None
    status: Status = (
        "failure" if celsius >= FAILURE_C else "warning" if celsius >= WARNING_C else "ok"
    )
    detail = (
        "" if status == "ok" else "The terminal is too hot: give it air, or move it out of the sun."
    )
    return Finding("temperature", status, round(celsius, 1), "°C", detail)
