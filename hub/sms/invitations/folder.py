"""A folder into which the clinic's own system drops lists, by SFTP or otherwise: ORGANISATION/CAMPAIGN/list.csv.

Decides when a file is whole (nothing was written to it for a while) and that none stays: a list that was taken in is
deleted, because it names patients; so is one that was refused, and beside it lies what was wrong, without their names.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import structlog

from contract.topics import TopicError, checked_identifier
from hub.core.clock import Clock
from hub.core.errors import HubError
from hub.core.row_problems import BadRows, RowProblem
from hub.core.scope import Scope
from hub.core.unit_of_work import Workplace
from hub.sms.invitations.intake import Source, take_in

log = structlog.get_logger()

LOOK_EVERY_S = 5.0
QUIET_MS = 10_000
LARGEST_BYTES = 10_000_000
KINDS = {".csv", ".xlsx"}
PROBLEMS = ".problems"
_BY = "folder"


class DropFolder:
    """Takes in what lies there."""

    def __init__(self, workplace: Workplace, clock: Clock, folder: Path) -> None:
        self._workplace = workplace
        self._clock = clock
        self._folder = folder

    def step(self) -> bool:
        """Look once; False, because nothing is so urgent that it could not wait for the next look."""
        for path in sorted(self._whole()):
            self._take(path)
        return False

    def _whole(self) -> Iterator[Path]:
        for path in self._folder.glob("*/*/*"):
            known = path.suffix.lower() in KINDS and path.is_file() and not path.is_symlink()
            if known and self._clock.now_ms() - path.stat().st_mtime * 1000 >= QUIET_MS:
                yield path

    def _take(self, path: Path) -> None:
        campaign, organisation = path.parent.name, path.parent.parent.name
        try:
            scope = Scope(checked_identifier(organisation, "organisation"))
            checked_identifier(campaign, "campaign")
            if path.stat().st_size > LARGEST_BYTES:
                raise BadRows([RowProblem(1, "file", "This is larger than 10 MB.")])
            with self._workplace.begin() as work:
                found = take_in(
                    work, scope, campaign, path.read_bytes(), source=Source.FOLDER, by=_BY
                )
        except BadRows as bad:
            self._refuse(path, bad.problems)
        except TopicError as error:
            self._refuse(path, [RowProblem(1, "folder", str(error))])
        except HubError as error:
            self._refuse(path, [RowProblem(1, error.field or "file", error.detail)])
        else:
            log.info("list_taken_in", organisation=organisation, count=found.rows)
            path.unlink()

    def _refuse(self, path: Path, problems: list[RowProblem]) -> None:
        with path.with_name(f"{path.name}{PROBLEMS}").open("w", newline="", encoding="utf-8") as to:
            writer = csv.writer(to)
            writer.writerow(RowProblem._fields)
            writer.writerows(problems)
        log.warning("list_refused", count=len(problems))
        path.unlink()
