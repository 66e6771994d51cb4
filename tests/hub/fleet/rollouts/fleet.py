"""Terminals by the dozen that take part in rollouts: what each says is a message or a state through the real inbox."""

from collections.abc import Sequence
from typing import Any

from contract.messages import JobReported
from contract.topics import DeviceAddress
from hub.fleet import service as devices
from hub.fleet.jobs import service as jobs
from hub.fleet.repository.repository import Release
from hub.fleet.rollouts import service
from hub.fleet.rollouts.advancing import Advancing
from hub.fleet.rollouts.answers import AnswerWatch
from hub.fleet.rollouts.schemas import DevicePartModel, GroupTerms, NewRollout, RolloutModel
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.terminal import Terminal

OLD, NEW = "1.0", "2.0"
RELEASE = Release("stable", NEW, {}, "ab" * 32)
CANARIES = GroupTerms(success_percent=80, error_percent=20, least=5, soak_minutes=60)
REST = GroupTerms(percent=100, success_percent=80, soak_minutes=0)


class Fleet:
    """So many terminals named `t-01` …, all online with the old version, in two facilities by turns."""

    def __init__(self, clinic: Clinic, size: int) -> None:
        self.clinic = clinic
        self.names = [f"t-{number:02}" for number in range(1, size + 1)]
        self.terminals: dict[str, Terminal] = {}
        for number, name in enumerate(self.names):
            at = DeviceAddress("clinic", ("north", "south")[number % 2], name)
            clinic.enrol(at)
            self.terminals[name] = Terminal(clinic.clock, at)  # type: ignore[arg-type]
        self.say_state(self.names)
        self.advancing = Advancing(clinic.workplace, AnswerWatch(clinic.series).fewer)

    def say_state(self, names: Sequence[str], software: str = OLD, **fields: Any) -> None:
        told = [self.terminals[name].state(software=software, **fields) for name in names]
        self.clinic.inbox.store(told)

    def begin(self, given: NewRollout, release: Release = RELEASE) -> str:
        with self.clinic.workplace.begin() as work:
            return service.begin(work, WHOLE, given, release, "fleet")

    def rollout(self, canaries: int, groups: Sequence[GroupTerms] = (CANARIES, REST)) -> str:
        """Of the release to all of them, the first so many of them being canaries."""
        return self.begin(
            NewRollout(
                release=NEW,
                channel="stable",
                devices=self.names,
                canaries=self.names[:canaries],
                groups=list(groups),
            )
        )

    def look(self, **passed: float) -> None:
        """The ticker's turn, after some time has passed."""
        self.clinic.clock.move(**passed)  # type: ignore[attr-defined]
        self.advancing.step()

    def report(self, names: Sequence[str], outcome: str, release: str = NEW, **fields: Any) -> None:
        told = []
        for name in names:
            job = self.jobs_of(name)[0]
            fields = {"step": outcome, "reason": "", **fields}
            told.append(
                self.terminals[name].deliver(
                    JobReported, job=job.id, outcome=outcome, release=release, **fields
                )
            )
        self.clinic.inbox.store(told)

    def take(self, names: Sequence[str], version: str = NEW) -> None:
        """These install it, and are well."""
        self.report(names, "done", version)
        self.say_state(names, version, instance=2)

    def jobs_of(self, name: str) -> list[jobs.JobView]:
        with self.clinic.workplace.read() as work:
            return jobs.jobs(work, WHOLE, device=name)

    def told(self) -> list[str]:
        """Who was asked for anything."""
        return [name for name in self.names if self.jobs_of(name)]

    def now(self, name: str) -> RolloutModel:
        with self.clinic.workplace.read() as work:
            return service.rollout(work, WHOLE, name)

    def parts(self, name: str) -> dict[str, DevicePartModel]:
        with self.clinic.workplace.read() as work:
            return {part.device: part for part in service.parts(work, WHOLE, name)}

    def history(self, name: str) -> list[tuple[str, str, int | None, str]]:
        with self.clinic.workplace.read() as work:
            return [(e.what, e.by, e.group, e.reason) for e in service.events(work, WHOLE, name)]

    def devices(self) -> list[str]:
        with self.clinic.workplace.read() as work:
            return [view.device for view in devices.devices(work, WHOLE)]
