"""Who sits where and when it is open, as the hub last said: kept on disk, so that it holds for days without the hub.

Decides whose shift a press belongs to at its moment, and whether the facility is open then. Without a trusted wall
clock it does not guess; the hub, which corrects the time, then asks its own rota.
"""

import os
from pathlib import Path

import structlog

from contract.codec import DecodeError, read_document
from contract.documents import DesiredConfiguration, RotaShift
from contract.messages import Stamp

log = structlog.get_logger()


class Rota:
    """The desired configuration's shifts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document = self._read()

    @property
    def version(self) -> int:
        """The version in force."""
        return self._document.version

    @property
    def document(self) -> DesiredConfiguration:
        """Everything that the hub last said."""
        return self._document

    def take(self, document: DesiredConfiguration) -> None:
        """Work by this document from now on, and after a restart if the disk lets it be kept."""
        if document.version == self._document.version:
            return
        self._document = document
        try:
            self._keep(document)
        except OSError as error:
            log.error("rota_not_kept", reason=str(error))

    def _keep(self, document: DesiredConfiguration) -> None:
        new = self._path.with_suffix(".new")
        with new.open("wb") as file:
            file.write(document.model_dump_json().encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def on_duty(self, touchpoint: str, moment: Stamp) -> RotaShift | None:
        """The shift at a touchpoint at that moment, if it is known for certain."""
        if not moment.synchronised:
            return None
        for shift in self._document.rota:
            if shift.touchpoint == touchpoint and shift.starts_ms <= moment.wall_ms < shift.ends_ms:
                return shift
        return None

    def is_staffed(self, moment: Stamp) -> bool:
        """Whether anybody is known to be on duty at that moment, wherever here."""
        return moment.synchronised and any(
            shift.starts_ms <= moment.wall_ms < shift.ends_ms for shift in self._document.rota
        )

    def is_open(self, moment: Stamp) -> bool | None:
        """Whether the facility is open at that moment; None where the hub has not said, or the clock is not right.

        A terminal that has not heard from the hub for weeks does not know either.
        """
        hours, until_ms = self._document.hours, self._document.hours_until_ms
        if hours is None or until_ms is None or not moment.synchronised:
            return None
        if moment.wall_ms >= until_ms:
            return None
        return any(span.opens_ms <= moment.wall_ms < span.closes_ms for span in hours)

    def _read(self) -> DesiredConfiguration:
        try:
            return read_document(DesiredConfiguration, self._path.read_bytes())
        except (OSError, DecodeError):
            return DesiredConfiguration(version=0)
