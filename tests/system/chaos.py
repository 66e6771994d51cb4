"""A schedule of kills at random moments, the same for the same seed, and its execution under load."""

import time
from dataclasses import dataclass
from random import Random

from tests.system.clinic import Clinic
from tests.system.judge import Verdict, hear_case
from tests.system.patients import Crowd

PAUSE_S = 0.2
"""Between two presses on one panel, on average."""


@dataclass(frozen=True, slots=True)
class Kill:
    """Whom, how long after it was last seen alive, and whether even while it is still starting."""

    victim: str
    after_s: float
    hasty: bool


def schedule(count: int, seed: int, terminals: int) -> list[Kill]:
    """Terminals, hub and broker in equal parts; one kill in five hits a victim that is not up yet."""
    random = Random(seed)
    edges = [f"edge {n}" for n in range(terminals)]
    return [
        Kill(
            random.choice([random.choice(edges), "hub", "broker"]),
            random.uniform(0.05, 1.2),
            random.random() < 0.2,
        )
        for _ in range(count)
    ]


def endure(clinic: Clinic, kills: list[Kill], seed: int) -> Verdict:
    """Press and kill, let everything come to rest, and judge."""
    crowd = Crowd(clinic.terminals, seed, PAUSE_S)
    crowd.start()
    for kill in kills:
        _execute(clinic, kill)
    crowd.stop()
    _await_all(clinic)
    for terminal in clinic.terminals:  # so that nobody waits for a back-off, which may be a minute
        terminal.process.end()
        terminal.start()
    clinic.await_settled()
    return hear_case(crowd.presses(), clinic.hub.database)


def _execute(clinic: Clinic, kill: Kill) -> None:
    """And start the victim again at once, as systemd would."""
    name, _, number = kill.victim.partition(" ")
    if name == "edge":
        terminal = clinic.terminals[int(number)]
        if not kill.hasty:
            terminal.await_up()
        time.sleep(kill.after_s)
        terminal.kill()
        terminal.start()
        return
    if not kill.hasty:
        clinic.hub.await_up()
        clinic.broker.await_up()
    time.sleep(kill.after_s)
    if name == "hub":
        clinic.hub.process.kill()
        clinic.hub.start()
    else:
        clinic.broker.kill()
        clinic.broker.start()


def _await_all(clinic: Clinic) -> None:
    clinic.hub.await_up()
    clinic.broker.await_up()
    for terminal in clinic.terminals:
        terminal.await_up()
