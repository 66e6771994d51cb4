"""Is requirements.lock still the lock of pyproject.toml, and can it be trusted?

Decides four things: every direct dependency is pinned, at a version that pyproject.toml allows, every
pin carries hashes, and no registry is named (the reader's own configuration says where to fetch from).
Making the lock is `make lock`.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from typer import echo

# Spelt in parts, so that this file passes its own check.
REGISTRIES = tuple(
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
    )
)
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?P<rest>.*)$")


def pins(lock: str) -> dict[str, Version]:
    """The locked version of each package, by its canonical name."""
    found = (PIN.match(line) for line in lock.splitlines())
    return {canonicalize_name(m["name"]): Version(m["version"]) for m in found if m}


def faults(project: str, lock: str) -> Iterator[str]:
    """One sentence for each way in which the lock's text does not fit pyproject.toml's text."""
    locked = pins(lock)
    for requirement in _direct(project):
        version = locked.get(canonicalize_name(requirement.name))
        if version is None:
            yield f"{requirement.name} is wanted by pyproject.toml but not locked."
        elif version not in requirement.specifier:
            yield f"{requirement.name} is locked at {version}, but {requirement} is wanted."
    for line, following in zip(lock.splitlines(), [*lock.splitlines()[1:], ""], strict=True):
        if PIN.match(line) and "--hash=sha256:" not in following:
            yield f"{line.split()[0]} has no hash."
    for host in REGISTRIES:
        if host in lock:
            yield f"The lock names the registry {host}."


def _direct(project: str) -> list[Requirement]:
    table = tomllib.loads(project)["project"]
    extras = table.get("optional-dependencies", {}).values()
    return [Requirement(line) for line in [*table["dependencies"], *(r for e in extras for r in e)]]


def main() -> int:
    found = list(faults(Path("pyproject.toml").read_text(), Path("requirements.lock").read_text()))
    for sentence in found:
        echo(sentence, err=True)
    if found:
        echo("Run `make lock` and commit requirements.lock.", err=True)
    else:
        echo("requirements.lock: every direct dependency pinned, with hashes.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
