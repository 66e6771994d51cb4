"""A clinic whose terminals are in every state that an operator may find them in, and what was done to them."""

from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI

from contract.messages import JobReported
from contract.topics import DeviceAddress
from hub.core.clock import Clock
from hub.core.unit_of_work import Listeners, Workplace
from hub.fleet.authority import issuing
from hub.fleet.authority.certificates import Request, new_key
from hub.fleet.configuration import service as settings
from hub.fleet.enrolment import claims, keys
from hub.fleet.health.keeping import HealthKeeper
from hub.fleet.jobs import batches
from hub.fleet.repository.repository import Release
from hub.fleet.rollouts import maintenance
from hub.fleet.rollouts import service as rollouts
from hub.fleet.rollouts.schemas import DayWindow, GroupTerms, NewRollout
from hub.fleet.tagging import tag_each
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.fleet.repository.operator import published
from tests.hub.terminal import Terminal

LONG = "Outpatient department of rehabilitation and physiotherapy, second entrance"
FINDINGS = (
    ("camera", "failure", "lost"),
    ("disk", "warning", "full"),
    ("panel:main", "failure", "stuck"),
    ("temperature", "warning", "hot"),
    ("power", "failure", "under_voltage"),
)


class CrowdedClinic(Clinic):
    """Its files are in `folder`, also those of the releases that its rollouts are of."""

    def __init__(
        self, workplace: Workplace, listeners: Listeners, clock: Clock, folder: Path, size: int = 12
    ) -> None:
        super().__init__(workplace, listeners, clock)
        self._folder = folder
        self.names = [f"hall-{number:02}" for number in range(1, size + 1)]
        self.terminals = {name: self._enrolled(name, n) for n, name in enumerate(self.names)}
        self._speak()
        HealthKeeper(workplace, lambda: ["clinic"], clock).keep_alerts()
        published(self.parts(data=str(folder)).repository, clock, "1.3.0", "1.4.0")  # type: ignore[arg-type]
        with workplace.begin() as work:
            issuing.succeed(work)
            keys.revoke(work, WHOLE, self.names[-1])
        self._set_and_ask()

    def app(self, **given: object) -> FastAPI:
        return super().app(data=str(self._folder), **given)

    def paths(self) -> dict[str, str]:
        """The pages of the fleet, by what they are of."""
        asked = f"/fleet/asked/{self.batch}"
        return {
            "list": "/fleet", "filtered": "/fleet?q=state:shut-out", "nothing": "/fleet?q=version>7",
            "alerts": "/fleet/alerts", "device": "/devices/hall-01", "shut-out": "/devices/hall-12",
            "remote": "/devices/hall-02/remote", "asked": "/fleet/asked", "asked-one": asked,
            "rollouts": "/fleet/rollouts", "rollout-new": "/fleet/rollouts/new",
            "rollout": f"/fleet/rollouts/{self.rollout}", "hours": "/fleet/hours",
            "settings": "/fleet/settings?kind=facility&subject=north",
            "settings-device": "/fleet/settings?kind=device&subject=hall-01",
            "enrol": "/fleet/enrol", "enrol-found": f"/fleet/enrol?code={self.code}",
        }  # fmt: skip

    def _enrolled(self, name: str, number: int) -> Terminal:
        at = DeviceAddress("clinic", ("north", "south")[number % 2], name)
        self.enrol(at)
        with self.workplace.begin() as work:
            called = LONG if number == 0 else f"Hall {number + 1}"
            work.connection.exec_driver_sql(
                f"UPDATE device SET name = '{called}' WHERE id = '{name}'"
            )
        return Terminal(self.clock, at)  # type: ignore[arg-type]

    def _speak(self) -> None:
        for number, (name, terminal) in enumerate(self.terminals.items()):
            if number == len(self.names) - 2:
                continue  # never switched on
            said = [terminal.state(software="1.3.0", pending=number % 3)]
            if number < len(FINDINGS):
                check, status, reason = FINDINGS[number]
                told = {"check": check, "status": status, "reason": reason, "detail": "As it says."}
                said.append(terminal.health(**told))
            said.append(terminal.health(check="memory", status="ok", value=61.0, unit="%"))
            self.inbox.store(said)
            if name == self.names[6]:
                self.inbox.store([terminal.state(online=False)])

    def _set_and_ask(self) -> None:
        everyone = [*self.names, "desk-1", "desk-2"]
        terms = [GroupTerms(soak_minutes=30), GroupTerms(percent=40)]
        terms.append(GroupTerms(percent=60, needs_approval=True))
        night, noon = (1320, 300, [0, 1, 2, 3, 4]), (780, 840, [6])
        hours = [DayWindow(starts=a, ends=b, days=days) for a, b, days in (night, noon)]
        operator = replace(WHOLE, actor="account/6")
        with self.workplace.begin() as work:
            tag_each(work, WHOLE, self.names[:4], "lobby", given=True)
            tag_each(work, WHOLE, self.names[2:6], "wi-fi", given=True)
            for version, night in enumerate(("22:00-06:00", "21:30-06:30")):
                values = {"screen": {"night": night}}
                if version:
                    values["screen"]["brightness"] = 60
                settings.set_layer(work, operator, "facility", "north", values, after=version)
            settings.restore(work, operator, "facility", "north", 1, after=2)
            maintenance.set_windows(work, WHOLE, "north", hours, "fleet")
            made = batches.command(work, operator, "logs", everyone[:5], minutes=60)
            given = NewRollout(
                release="1.4.0", channel="stable", devices=self.names[:8], canaries=self.names[:2],
                groups=terms, note="Larger letters on the night page",
            )  # fmt: skip
            release = Release("stable", "1.4.0", {}, "ab" * 32)
            self.rollout = rollouts.begin(work, WHOLE, given, release, "fleet")
            told = claims.Told("Raspberry Pi 5", "10000000abcdef12", "wellheard 1.4.0")
            self.code = claims.claim(work, Request(new_key().public_key(), ""), told).code
        self.batch = made.batch
        for name, outcome, reason in (
            (self.names[0], "done", ""),
            (self.names[1], "failed", "somebody was at the terminal until its time had passed"),
            (self.names[2], "running", ""),
        ):
            told = {"job": made.jobs[name], "outcome": outcome, "step": "making", "reason": reason}
            self.inbox.store([self.terminals[name].deliver(JobReported, **told)])
