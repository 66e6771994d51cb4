"""The judge: compares what patients saw with what the hub has stored, row by row.

Presses and rows are matched by panel, button and the machine's uptime, which patient and terminal read from the same
clock. What the hub says of itself (ledger, journal, dead letters) is checked beside it.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, create_engine, text

from tests.system.patients import Press

ROUNDING_MS = 3.0
"""Stamps are whole milliseconds, put together from two clocks."""


@dataclass(frozen=True, slots=True)
class Row:
    """A stored answer."""

    device: str
    panel: str
    button: int
    uptime_ms: int
    epoch: int
    sequence: int


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What the hub says has arrived of one numbering."""

    device: str
    epoch: int
    highest: int
    contiguous: int
    beyond: str
    forks: int
    numbers: tuple[int, ...]
    """Of the journal, as often as they are there."""


@dataclass(slots=True)
class Verdict:
    """What was found. `surplus`: stored although nobody was thanked, because a kill came between; never more."""

    thanked: int = 0
    stored: int = 0
    surplus: int = 0
    lost: list[Press] = field(default_factory=list)
    twice: list[Press] = field(default_factory=list)
    invented: list[Row] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def each_once(self) -> bool:
        """Every thanked press is there once, and nothing else is."""
        return not (self.lost or self.twice or self.invented)

    @property
    def clean(self) -> bool:
        """And the hub itself finds nothing wrong."""
        return self.each_once and not self.faults

    def __str__(self) -> str:
        counts = (
            f"{self.thanked} thanked, {self.stored} stored, {self.surplus} stored though cut off"
        )
        wrong = f"{len(self.lost)} lost, {len(self.twice)} twice, {len(self.invented)} invented"
        examples = [*self.lost[:3], *self.twice[:3], *self.invented[:3], *self.faults[:5]]
        return "\n".join([f"{counts}, {wrong}", *map(str, examples)])


def judge(presses: Iterable[Press], rows: Iterable[Row], ledger: Iterable[LedgerRow]) -> Verdict:
    """Every thanked press exactly once, every stored row a press, every number accounted for."""
    presses, rows = list(presses), list(rows)
    verdict = Verdict(sum(press.outcome == "thanked" for press in presses), len(rows))
    found = _matched(presses, rows, verdict.invented)
    for press in presses:
        times = found[press]
        if times > 1:
            verdict.twice.append(press)
        if press.outcome == "thanked" and not times:
            verdict.lost.append(press)
        if press.outcome == "refused" and times:
            verdict.faults.append(f"refused, yet stored: {press}")
        verdict.surplus += bool(times and press.outcome != "thanked")
    identities = Counter((row.device, row.epoch, row.sequence) for row in rows)
    verdict.faults += [f"one number, two rows: {key}" for key, n in identities.items() if n > 1]
    for line in ledger:
        verdict.faults += _ledger_faults(line)
    return verdict


def _matched(presses: list[Press], rows: list[Row], strangers: list[Row]) -> Counter[Press]:
    """How many rows belong to each press; rows that belong to none are strangers."""
    at: dict[tuple[str, str, int], list[Press]] = defaultdict(list)
    for press in sorted(presses, key=lambda press: press.began_ms):
        at[press.device, press.panel, press.button].append(press)
    found: Counter[Press] = Counter()
    for row in rows:
        candidates = at[row.device, row.panel, row.button]
        index = bisect_right(
            candidates, row.uptime_ms + ROUNDING_MS, key=lambda press: press.began_ms
        )
        if index and row.uptime_ms <= candidates[index - 1].ended_ms + ROUNDING_MS:
            found[candidates[index - 1]] += 1
        else:
            strangers.append(row)
    return found


def _ledger_faults(line: LedgerRow) -> list[str]:
    faults = []
    if line.beyond != "[]" or line.contiguous != line.highest:
        faults.append(f"the ledger misses numbers: {line.device} {line.contiguous}/{line.highest}")
    if line.forks:
        faults.append(f"forks: {line.device} {line.forks}")
    if line.numbers != tuple(range(1, line.contiguous + 1)):
        faults.append(f"journal and ledger differ: {line.device}")
    return faults


def hear_case(presses: Iterable[Press], database: str) -> Verdict:
    """Judge on the hub's database as it lies there."""
    engine = create_engine(database)
    try:
        with engine.connect() as connection:
            answers = "SELECT device, panel, button, uptime_ms, epoch, sequence FROM response"
            rows = [Row(*row) for row in connection.execute(text(answers))]
            journal: dict[tuple[str, int], list[int]] = defaultdict(list)
            for device, epoch, sequence in connection.execute(
                text("SELECT device, epoch, sequence FROM journal ORDER BY device, epoch, sequence")
            ):
                journal[device, epoch].append(sequence)
            lines = connection.execute(
                text("SELECT device, epoch, highest, contiguous, beyond, forks FROM ledger")
            )
            ledger = [LedgerRow(*line, tuple(journal[line[0], line[1]])) for line in lines]
            verdict = judge(presses, rows, ledger)
            verdict.faults += _other_faults(connection)
    finally:
        engine.dispose()
    return verdict


def _other_faults(connection: Connection) -> list[str]:
    questions = {
        "stopped devices": "SELECT count(*) FROM device WHERE status <> 'active'",
        "dead letters": "SELECT count(*) FROM dead_letter",
    }
    counts = {
        name: connection.execute(text(query)).scalar_one() for name, query in questions.items()
    }
    return [f"{name}: {count}" for name, count in counts.items() if count]
