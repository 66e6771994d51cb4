"""Files of photographs that no row names: what a crash has left between writing one and committing."""

from collections.abc import Sequence

from sqlalchemy import Table, select

from hub.core.clock import Clock
from hub.core.jobs.ticker import Duty
from hub.core.objects import ObjectFolder
from hub.core.unit_of_work import Workplace
from hub.feedback.photographs.tables import AnswerPhotograph

EVERY_S = 3600.0
STRAY_AFTER_MS = 3_600_000
"""Longer than any transaction lasts that has written a file and not yet named it."""

photograph: Table = AnswerPhotograph.__table__  # type: ignore[attr-defined]


class StrayPhotographs:
    """What the ticker looks after. Any number of hub processes may do so at once."""

    def __init__(self, workplace: Workplace, folder: ObjectFolder, clock: Clock) -> None:
        self._workplace = workplace
        self._folder = folder
        self._clock = clock

    def duties(self) -> Sequence[Duty]:
        """For the ticker."""
        return (Duty("stray-photographs", EVERY_S, self.delete),)

    def delete(self) -> bool:
        """All there are."""
        before_s = (self._clock.now_ms() - STRAY_AFTER_MS) / 1000
        with self._workplace.read() as work:
            for name in self._folder.older_than(before_s):
                known = select(photograph.c.file).where(photograph.c.file == name)
                if work.connection.execute(known).first() is None:
                    self._folder.remove(name)
        return False
