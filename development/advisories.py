"""Compares requirements.lock with a folder of published advisories, without a network.

Decides which locked version an advisory speaks of. The folder, named by WELLHEARD_ADVISORIES, holds
JSON files of the OSV schema, as OSV exports them; fetching and refreshing it is the reader's
business. Without one it says that it compared nothing. pip-audit is no help here: it asks a server.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from typer import echo

from development.lock import pins

Advisory = dict[str, Any]


def read(folder: Path) -> Iterator[Advisory]:
    """Every advisory of the folder that has not been withdrawn."""
    for path in sorted(folder.rglob("*.json")):
        advisory = json.loads(path.read_text(encoding="utf-8"))
        if not advisory.get("withdrawn"):
            yield advisory


def concerns(advisory: Advisory, name: str, version: Version) -> bool:
    """Whether this version of this package is affected, as the OSV schema's evaluation defines it."""
    return any(
        str(version) in affected.get("versions", [])
        or any(
            _within(events["events"], version)
            for events in affected.get("ranges", [])
            if events["type"] == "ECOSYSTEM"
        )
        for affected in advisory.get("affected", [])
        if affected.get("package", {}).get("ecosystem") == "PyPI"
        and canonicalize_name(affected["package"]["name"]) == name
    )


def _within(events: list[dict[str, str]], version: Version) -> bool:
    inside = False
    for event in sorted(events, key=_at):
        if "introduced" in event:
            inside = inside or version >= _at(event)
        elif "fixed" in event:
            inside = inside and version < _at(event)
        elif "last_affected" in event:
            inside = inside and version <= _at(event)
    return inside


def _at(event: dict[str, str]) -> Version:
    (value,) = event.values()
    try:
        return Version(value)
    except InvalidVersion:  # never a release of this index: taken as the beginning
        return Version("0")


def main() -> int:
    folder = os.environ.get("WELLHEARD_ADVISORIES")
    if not folder:
        echo("Advisories: none compared, WELLHEARD_ADVISORIES names no offline list.")
        return 0
    advisories = list(read(Path(folder)))
    if not advisories:
        echo(f"Advisories: {folder} holds no OSV file.", err=True)
        return 1
    locked = pins(Path("requirements.lock").read_text())
    found = [
        f"{name} {version}: {advisory['id']} {advisory.get('summary', '')}".rstrip()
        for advisory in advisories
        for name, version in locked.items()
        if concerns(advisory, name, version)
    ]
    echo("\n".join(found) if found else f"Advisories: none of {len(advisories)} concerns the lock.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
