"""A publisher of releases made of tiny wheels: real keys, the real tools, a repository in a folder."""

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from securesystemslib.signer import CryptoSigner

from contract.releases import Release
from wellheard.release.authority import establish
from wellheard.release.building import build
from wellheard.release.keys import KEYS, make_key
from wellheard.release.repository import sign_online
from wellheard.release.signing import sign

ANY = "x86_64-manylinux_2_28"


def tiny_wheel(
    folder: Path, project: str, version: str, files: Mapping[str, str], requires: str = ""
) -> Path:
    """A wheel of these text files, for any platform; `requires` is one project that it needs."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{project}-{version}-py3-none-any.whl"
    about = f"{project}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    contents = {
        **files,
        f"{about}/METADATA": metadata + needs,
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},{_record(text)}\n" for name, text in contents.items())
    contents[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in contents.items():
            wheel.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return path


class Publisher:
    """Whoever holds the keys. The repository lies in `repository`, the root of trust in `root`."""

    def __init__(self, folder: Path, now: datetime | None = None) -> None:
        self.folder = folder
        self.repository = folder / "repository"
        self.keys: dict[str, CryptoSigner] = {
            name: make_key(folder / "keys", name) for name in KEYS
        }
        establish(self.repository, self.keys, now or datetime.now(UTC))
        self.root = (self.repository / "metadata" / "1.root.json").read_bytes()

    def release(
        self,
        version: str,
        wheels: list[Path],
        *,
        channel: str = "stable",
        hardware: str = "x86_64",
        minimum_agent: str = "0",
        security_floor: str = "0",
        now: datetime | None = None,
    ) -> Release:
        """Build, sign and publish a release."""
        now = now or datetime.now(UTC)
        words = Release(
            version=version,
            built_ms=0,
            hardware=[hardware],
            minimum_agent=minimum_agent,
            security_floor=security_floor,
            wheels={wheel.name: "0" * 64 for wheel in wheels},
        )
        built = self.folder / "built" / f"{channel}-{version}"
        build(built, wheels, words, "3.11", ANY)
        signed = sign(self.repository, built, channel, self.keys[channel], now)
        self.snapshot(now)
        return signed

    @property
    def online(self) -> dict[str, CryptoSigner]:
        """The keys that a hub has."""
        return {name: self.keys[name] for name in ("snapshot", "timestamp")}

    def snapshot(self, now: datetime | None = None) -> None:
        """Sign snapshot and timestamp anew."""
        keys = self.keys
        sign_online(self.repository, keys["snapshot"], keys["timestamp"], now or datetime.now(UTC))


def _record(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"sha256={digest},{len(text.encode())}"
