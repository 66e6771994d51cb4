"""Who sits where, as the hub last said: kept on disk, so that it holds for days without the hub.

Decides whose shift a press belongs to at its moment. Without a trusted wall clock it does not guess; the hub, which
corrects the time, then asks its own rota.
"""

import json
import os
from pathlib import Path

from contract.codec import DecodeError, read_document
from contract.documents import DesiredConfiguration, RotaShift
from contract.messages import Stamp


class Rota:
    """The desired configuration's shifts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document = self._read()

    @property
    def version(self) -> int:
        """The version in force."""
        return self._document.version

    def take(self, document: DesiredConfiguration) -> None:
        """Work by this document from now on, and after a restart."""
        if document.version == self._document.version:
            return
        new = self._path.with_suffix(".new")
        with new.open("wb") as file:
            file.write(document.model_dump_json().encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        self._document = document

    def on_duty(self, touchpoint: str, moment: Stamp) -> RotaShift | None:
        """The shift at a touchpoint at that moment, if it is known for certain."""
        if not moment.synchronised:
            return None
        for shift in self._document.rota:
            if shift.touchpoint == touchpoint and shift.starts_ms <= moment.wall_ms < shift.ends_ms:
                return shift
        return None

    def _read(self) -> DesiredConfiguration:
        try:
            return read_document(DesiredConfiguration, self._path.read_bytes())
        except (OSError, DecodeError, json.JSONDecodeError):
            return DesiredConfiguration(version=0)
