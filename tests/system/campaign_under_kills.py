"""A campaign of real processes: a hub, Kannel and a mail server that are killed, stopped and started again.

Patients join in waves, one before each kill, so that every kill hits a campaign that runs.
"""

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Self

from sqlalchemy import text

from hub.core.broker.listening import LOOPBACK, free_port
from hub.core.db import Database
from hub.core.keys import KeyRing
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, Workplace
from hub.sms.gateways import registry, service
from hub.sms.gateways.kannel.gateway import KIND
from hub.sms.gateways.registry import NewGateway
from tests.fakes.mail_server import Mailbox, running_mail_server
from tests.fakes.waiting import eventually
from tests.system.clinic import FACILITY, Hub
from tests.system.crowd_by_sms import Crowd
from tests.system.hurried_hub import HurriedClock
from tests.system.kannel import Kannel
from tests.system.processes import WELLHEARD
from tests.system.surveyed import patient

CAMPAIGN = "after-visit"
PERSON = "manager@clinic.test"
ORGANISATION = Scope("clinic")
WHOLE_DAY = {"from_minute": 0, "until_minute": 0, "weekdays": [0, 1, 2, 3, 4, 5, 6]}
PATIENT_POLICY = {"delay_minutes": 0, "reminder_hours": 24 * 14, "expiry_hours": 24 * 60}
WAVE = 10
PER_SECOND = 25.0


@dataclass(frozen=True, slots=True)
class Kill:
    """Of the hub: how long after its last start, whether even while it starts, and what is down around it."""

    after_s: float
    hasty: bool
    also: str
    """`kannel`, `mail`, or nothing."""


def schedule(count: int, seed: int) -> list[Kill]:
    """The same for the same seed. Kannel and the mail server are down around every second kill, each at least once."""
    random = Random(seed)
    also = [("kannel", "", "mail", "")[n % 4] for n in range(count)]
    return [Kill(random.uniform(0.05, 1.5), random.random() < 0.2, down) for down in also]


class HurriedHub(Hub):
    """The hub with a clock that runs `rate` times as fast."""

    def __init__(self, folder: Path, rate: int, smtp_port: int) -> None:
        super().__init__(folder, "mosquitto", "")
        self.began_ms = time.time_ns() // 1_000_000
        self.rate = rate
        self._smtp_port = smtp_port

    def _command(self) -> list[str]:
        settings = {
            "data": str(self.data),
            "port": self.port,
            "broker": self.broker,
            "broker_port": self.broker_port,
            "smtp": f"smtp://{LOOPBACK}:{self._smtp_port}",
        }
        python, m, _wellheard = WELLHEARD
        clock = (str(self.began_ms), str(self.rate))
        return [python, m, "tests.system.hurried_hub", *clock, json.dumps(settings)]


class CampaignUnderKills:
    """Leaving the `with` block ends every process."""

    def __init__(self, folder: Path, *, rate: int, patience_s: float) -> None:
        self.mailbox = Mailbox()
        self._smtp_port = free_port()
        self._mail = ExitStack()
        self._patience_s = patience_s
        self.hub = HurriedHub(folder, rate, self._smtp_port)
        self._folder = folder
        self._asked = 0

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "crowd"):
            self.crowd.close()
        if hasattr(self, "kannel"):
            self.kannel.kill()
            self.database.close()
        self.hub.process.kill()
        self._mail.close()

    def endure(self, kills: list[Kill]) -> None:
        """Ask and kill, then let every conversation come to its end."""
        for kill in kills:
            self._execute(kill)
        self.hub.await_up()
        self._ask()
        eventually(self._at_rest, self._patience_s)

    def rows(self, query: str) -> list[Any]:
        with self.database.reading() as connection:
            return list(connection.execute(text(query)))

    def _open(self) -> None:
        self._start_mail()
        self.hub.first_start()
        api = self.hub.api()
        api.post("facilities", {"id": FACILITY, "name": "North"})
        chain = [{"address": PERSON, "minutes": 24 * 60}]
        api.put(f"sms/facilities/{FACILITY}/chain", chain)
        policy = WHOLE_DAY | PATIENT_POLICY
        campaign = {"id": CAMPAIGN, "facility": FACILITY, "name": "After a visit"}
        api.post("sms/campaigns", campaign | {"trigger": "visit_ended", "policy": policy})
        api.put(f"sms/campaigns/{CAMPAIGN}/state", {"state": "running"})
        self.database = Database(self.hub.database)
        self.keys = KeyRing(self.hub.data / "keys" / "personal.keys")
        clock = HurriedClock(self.hub.began_ms, self.hub.rate)
        self.workplace = Workplace(self.database, Listeners(), clock, self.keys)
        self.kannel = Kannel(self._folder / "kannel", f"http://{LOOPBACK}:{self.hub.port}")
        self.kannel.start()
        with self.workplace.begin() as work:
            rate = PER_SECOND / self.hub.rate
            registry.add(
                work, ORGANISATION, NewGateway("main", KIND, self.kannel.settings, per_second=rate)
            )
        self.crowd = Crowd(self.kannel.network_port)

    def _execute(self, kill: Kill) -> None:
        """And start everything again at once, as systemd would."""
        if not kill.hasty or kill.also:
            self.hub.await_up()
            self._ask()
        if kill.also == "kannel":
            self.crowd.hush(self._taken_in, self._patience_s)
            self.kannel.stop()
        elif kill.also == "mail":
            self._mail.close()
        time.sleep(kill.after_s)
        self.hub.process.kill()
        self.hub.start()
        if kill.also == "kannel":
            self.kannel.start()
            self.crowd.go_on(self.kannel.network_port)
        elif kill.also == "mail":
            self.hub.await_up()
            self._start_mail()

    def _start_mail(self) -> None:
        self._mail.enter_context(running_mail_server(self.mailbox, self._smtp_port))

    def _ask(self) -> None:
        """A wave of patients more."""
        wave = [patient(number) for number in range(self._asked, self._asked + WAVE)]
        self._asked += WAVE
        self.crowd.join(wave)
        told = [{"telephone": one.telephone, "language": one.language} for one in wave]
        self.hub.api().post(f"sms/campaigns/{CAMPAIGN}/patients", told)

    def _taken_in(self) -> int:
        return int(self.rows("SELECT count(*) FROM sms_inbound")[0][0])

    def _at_rest(self) -> bool:
        """Nobody waits for anything. Of what nobody could know, a person decides by the patient's telephone."""
        assert self.hub.process.alive(), self.hub.process.log()[-2000:]
        on_their_way = (
            "SELECT count(*) FROM sms_outgoing WHERE state IN ('waiting', 'sending', 'unknown')"
        )
        if self.rows(on_their_way)[0][0] or self.kannel.waiting():
            return False
        if self._decide():
            return False
        return (
            self.crowd.heard_everything()
            and self._taken_in() == self.crowd.written
            and not self.rows("SELECT 1 FROM job WHERE kind = 'mail'")
        )

    def _decide(self) -> bool:
        """Writing waits for the hub's own; so it is done only where there is something to decide."""
        found = self.rows("SELECT id, sealed FROM sms_outgoing WHERE state = 'unresolved'")
        if not found:
            return False
        with self.workplace.begin() as work:
            for row in found:
                told = json.loads(self.keys.open(row.sealed))
                send = told["text"] not in self.crowd.telephones.of(told["recipient"])
                assert service.settle(work, ORGANISATION, row.id, send=send)
        return True
