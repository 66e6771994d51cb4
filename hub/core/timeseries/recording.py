"""Points on their way into the store: put as jobs within a transaction, written a minute at a time.

The values told within one minute are folded into one point for each series and minute, and the coarser levels are
brought up to date. While the store is away the jobs wait, nothing else notices, and they go out in order when it is
back; only so many points wait, and what is dropped of the oldest is counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import structlog

from hub.core.clock import Clock
from hub.core.jobs import queue
from hub.core.jobs.queue import Job
from hub.core.jobs.ticker import Duty
from hub.core.jobs.worker import Manner, Worker
from hub.core.metrics import Metrics
from hub.core.timeseries.downsampling import downsample
from hub.core.timeseries.points import (
    FINEST,
    LEVELS,
    MINUTE_MS,
    Point,
    Series,
    merged,
)
from hub.core.timeseries.store import TimeSeries
from hub.core.unit_of_work import UnitOfWork, Workplace

log = structlog.get_logger()

KIND = "points"
GRACE_MS = MINUTE_MS
"""A transaction of a minute may become durable after its end, but not as late as this."""
MARGIN_MS = LEVELS[1].step_ms
"""Points are taken for so much less time than they are kept: their stretch must be there whole to be summed up anew."""
TOGETHER = 2000
"""Jobs, one for each batch of messages; a minute is never parted."""
MOST_WAITING = 500_000
"""Points; some 50 MB of the database."""
LOOK_EVERY_S = 10.0
FORGET_EVERY_S = 3600.0


def put_points(work: UnitOfWork, points: Sequence[Point]) -> None:
    """Have these points written once this transaction is durable."""
    if points:
        told = work.now_ms - work.now_ms % MINUTE_MS
        rows = [(*each.series, *each[1:]) for each in points]
        queue.put(work, KIND, rows, due_ms=told + MINUTE_MS + GRACE_MS, size=len(rows))


def fold(jobs: Iterable[Job]) -> list[Point]:
    """One point for each series, minute of the values, and minute in which they were told.

    Those told later than in their own minute must not replace those told in it: their time has one millisecond more
    for each minute of delay. So the same jobs, folded again, give the same points, and no two points are one.
    """
    together: dict[tuple[Series, int], list[Point]] = defaultdict(list)
    for job in jobs:
        told = (job.due_ms - GRACE_MS) // MINUTE_MS - 1
        for *names, at_ms, n, total, least, most in job.payload:
            minute = at_ms // MINUTE_MS
            stamp = minute * MINUTE_MS + (told - minute) % MINUTE_MS
            series = Series(*names)
            together[series, stamp].append(Point(series, at_ms, n, total, least, most))
    return [merged(stamp, points) for (_, stamp), points in together.items()]


class PointRecorder:
    """Writes the points that wait, and looks after the store."""

    def __init__(
        self,
        workplace: Workplace,
        store: TimeSeries,
        clock: Clock,
        metrics: Metrics,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._workplace = workplace
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._most_waiting = most_waiting
        manner = Manner(together=TOGETHER, in_order=True)
        self._worker = Worker(workplace, clock, KIND, self._write, manner)

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [
            Duty("series", LOOK_EVERY_S, self.step),
            Duty("series_forgetting", FORGET_EVERY_S, self.forget),
        ]

    def step(self) -> bool:
        """Write what is due; False when nothing more is."""
        more = self._worker.step()
        with self._workplace.read() as work:
            waiting = queue.waiting(work, KIND)
        if waiting > self._most_waiting:
            with self._workplace.begin() as work:
                dropped = queue.drop_oldest(work, KIND, waiting - self._most_waiting)
            self._count_dropped("waited", dropped)
            waiting -= dropped
        self._metrics.points_waiting.set(waiting)
        return more

    def forget(self) -> bool:
        """Have the store delete what is too old."""
        self._store.forget(self._clock.now_ms())
        return False

    def _write(self, jobs: list[Job]) -> None:
        oldest = self._clock.now_ms() - FINEST.kept_ms + MARGIN_MS
        points = fold(jobs)
        kept = [each for each in points if each.at_ms >= oldest]
        self._count_dropped("old", len(points) - len(kept))
        self._count_dropped("refused", self._store.write(FINEST, kept))
        downsample(self._store, kept)

    def _count_dropped(self, reason: str, count: int) -> None:
        if count:
            self._metrics.points_dropped.labels(reason).inc(count)
            log.warning("points_dropped", kind=reason, count=count)
