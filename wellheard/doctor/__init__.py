"""`wellheard doctor`: what this machine lacks, and how to mend it.

Decides which concerns are looked at and in what order; each check judges its own. Changes nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hub.core.settings import HubSettings
from wellheard.doctor import hardware, software, storage, terminal
from wellheard.doctor.finding import Finding
from wellheard.doctor.machine import Machine

_STYLES = {"ok": "green", "warn": "yellow", "missing": "bold red"}


def doctor(as_json: bool, machine: Machine | None = None) -> int:
    """Print what was found; the exit code is 0 when nothing needed is missing, else 1."""
    findings = list(examine(machine or Machine()))
    healthy = all(finding.status != "missing" for finding in findings)
    if as_json:
        report = {"ok": healthy, "checks": [asdict(finding) for finding in findings]}
        Console(soft_wrap=True, highlight=False, markup=False).print(json.dumps(report))
    else:
        Console().print(_table(findings))
    return 0 if healthy else 1


def examine(machine: Machine) -> Iterator[Finding]:
    """Every check, the general ones first."""
    try:
        settings = HubSettings()
    except ValidationError as error:
        settings = HubSettings.model_construct()
        names = ", ".join(f"WELLHEARD_{str(e['loc'][0]).upper()}" for e in error.errors())
        yield Finding("settings", "missing", f"cannot be understood: {names}", "Correct them.")
    absent = software.absent_packages()
    yield software.python()
    yield software.packages(absent)
    yield software.broker(settings.broker, absent)
    yield software.clock(machine)
    yield storage.database(settings.database_url())
    yield storage.time_series(settings.influxdb, settings.influxdb_token.get_secret_value())
    yield storage.disk(settings.data)
    yield storage.fsync(machine, settings.data)
    yield hardware.buttons(machine)
    yield hardware.gpio(machine)
    yield hardware.serial_ports(machine)
    yield hardware.camera(machine)
    yield from terminal.terminal(machine)


def _table(findings: list[Finding]) -> Table:
    table = Table("", "concern", "found", "how to mend it", box=None, pad_edge=False)
    for finding in findings:
        status = f"[{_STYLES[finding.status]}]{finding.status}[/]"
        table.add_row(status, finding.concern, escape(finding.found), escape(finding.mend))
    return table
