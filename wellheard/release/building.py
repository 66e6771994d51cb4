"""Puts a release together: wheels in, a lock file that names them by hash and the words to be signed out.

Decides what a whole release is: one wheel a project, nothing missing that any of them needs on the terminals' platform,
and nothing that a terminal would have to compile. Signing is left to `signing`.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import uv
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from contract.releases import Release
from wellheard.release.terminal_wheel import for_terminals

LOCK, WORDS, WHEELS = "release.lock", "release.json", "wheels"


class NotBuilt(Exception):
    """The wheels make no release; the text says why."""


def own_wheel(project: Path, out: Path) -> Path:
    """Build the application's wheel from its source folder, as terminals get it."""
    _run_uv("build", "--wheel", "--quiet", "--out-dir", str(out), str(project))
    wheel = next(out.glob("*.whl"))
    for_terminals(wheel)
    return wheel


def build(out: Path, wheels: Sequence[Path], release: Release, python: str, platform: str) -> None:
    """Write a release's folder: lock, words and wheels. NotBuilt: they do not make a whole.

    `platform` is a target of uv, such as `aarch64-manylinux_2_28`; `release.wheels` is filled in here.
    """
    _require_sense(release)
    digests = {wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels}
    pins = _pins(digests)
    words = Release.model_validate(release.model_dump() | {"wheels": digests})
    (out / WHEELS).mkdir(parents=True)
    for wheel in wheels:
        shutil.copyfile(wheel, out / WHEELS / wheel.name)
    lines = [f"{pin} --hash=sha256:{digests[file]}\n" for pin, file in pins.items()]
    (out / LOCK).write_text("".join(lines))
    (out / WORDS).write_text(words.model_dump_json(indent=2))
    _try_out(out, python, platform)


def _require_sense(release: Release) -> None:
    try:
        Version(release.minimum_agent)
        forbids_itself = Version(release.version) < Version(release.security_floor)
    except InvalidVersion as error:
        raise NotBuilt(str(error)) from error
    if forbids_itself:
        raise NotBuilt(f"security floor {release.security_floor} would forbid {release.version}")


def _pins(files: dict[str, str]) -> dict[str, str]:
    """`name==version` of each wheel, and its file; two wheels of one project are refused."""
    pins: dict[str, str] = {}
    projects: set[str] = set()
    for file in sorted(files):
        try:
            project, version, _, _ = parse_wheel_filename(file)
        except InvalidWheelFilename as error:
            raise NotBuilt(str(error)) from error
        if project in projects:
            raise NotBuilt(f"{project}: more than one wheel")
        projects.add(project)
        pins[f"{project}=={version}"] = file
    return pins


def _try_out(out: Path, python: str, platform: str) -> None:
    """Resolve it as a terminal will: off line, from these wheels alone, every hash required."""
    _run_uv(
        *("pip", "install", "--dry-run", "--quiet", "--offline", "--no-cache", "--no-index"),
        *("--find-links", str(out / WHEELS), "--require-hashes", "--only-binary", ":all:"),
        *("--python-version", python, "--python-platform", platform),
        *("--target", str(out / "nowhere"), "--requirements", str(out / LOCK)),
    )


def _run_uv(*arguments: str) -> None:
    done = subprocess.run(
        [uv.find_uv_bin(), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise NotBuilt(done.stderr.strip())
