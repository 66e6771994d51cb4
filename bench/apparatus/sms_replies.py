"""Replies through a real Kannel: to an endpoint that does nothing, and to a hub that understands, stores and answers.

The hub is one process with everything that belongs to a reply: the webhook, the transaction in which the reply is
understood, the conversation goes on and the answer is written, and the dispatcher that hands the answer to Kannel. It
is timed from the first reply to the last answer on a patient's telephone.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from hub.core.db import Database
from hub.core.jobs.ticker import Ticker
from hub.core.keys import KeyRing
from hub.core.unit_of_work import Listeners, Workplace
from hub.migrations import upgrade
from hub.sms.clearing import clearance
from hub.sms.dictionaries import lexicons
from hub.sms.gateways import registry
from hub.sms.gateways.calling import Callers
from hub.sms.gateways.dispatching import Dispatcher
from hub.sms.gateways.intake import Intake
from hub.sms.gateways.kannel import gateway
from hub.sms.gateways.kannel.routes import webhooks
from hub.sms.gateways.registry import NewGateway, OpenGateways
from hub.sms.interpreter.interpreter import Interpreter
from tests.fakes.clock import HeldClock
from tests.fakes.gateway import ObedientGateway
from tests.fakes.waiting import eventually
from tests.hub.serving import ServedApp
from tests.hub.sms.texting import WHOLE, Texting
from tests.system.kannel import SENDER, kannel
from tests.system.telephones import Telephones

WITHIN_S = 300.0
REPLY = "SI"


def smsbox_alone(folder: Path, replies: int) -> float:
    """Replies a second that smsbox delivers to an endpoint that does nothing."""
    command = [sys.executable, "-m", "bench.apparatus.doing_nothing", str(replies)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as endpoint:
        assert endpoint.stdout is not None
        hub = f"http://127.0.0.1:{int(endpoint.stdout.readline())}"
        with kannel(folder, hub) as made:
            telephones = Telephones(made.network_port)
            for telephone in _telephones(replies):
                telephones.write(telephone, SENDER, REPLY)
            seconds = float(endpoint.stdout.readline())
            telephones.close()
    return (replies - 1) / seconds


def hub_that_answers(folder: Path, replies: int) -> float:
    """Replies a second that a hub interprets, stores and answers."""
    with _invited(folder, replies) as (texting, keys):
        gateways = OpenGateways(keys, {gateway.KIND: gateway.opened})
        app = FastAPI()
        callers, intake = Callers(texting.workplace, gateways), Intake(texting.workplace)
        app.include_router(webhooks(callers, intake))
        server = ServedApp(app)
        with kannel(folder / "kannel", server.url) as made:
            with texting.workplace.begin() as work:
                registry.remove(work, WHOLE, "main")
                new = NewGateway("main", gateway.KIND, made.settings, per_second=1_000_000)
                registry.add(work, WHOLE, new)
            dispatcher = Dispatcher(texting.workplace, texting.clock, gateways, clearance)
            ticker = Ticker(dispatcher.duties())
            ticker.start()
            telephones = Telephones(made.network_port)
            began = time.perf_counter()
            for telephone in _telephones(replies):
                telephones.write(telephone, SENDER, REPLY)
            eventually(lambda: len(telephones.heard) >= replies, WITHIN_S)
            seconds = time.perf_counter() - began
            ticker.stop()
            telephones.close()
        server.stop()
        gateways.close()
    return replies / seconds


@contextmanager
def _invited(folder: Path, patients: int) -> Iterator[tuple[Texting, KeyRing]]:
    """A clinic that has asked so many patients, who have not answered yet."""
    database = Database(f"sqlite:///{folder / 'hub.db'}")
    upgrade(database)
    keys = KeyRing(folder / "personal.keys")
    listeners, clock = Listeners(), HeldClock()
    workplace = Workplace(database, listeners, clock, keys)
    interpreter = Interpreter(lexicons())
    texting = Texting(workplace, listeners, clock, interpreter, folder / "lists")
    texting.campaign()
    texting.enrol(*_telephones(patients))
    for duty in texting.duties.values():
        while duty.step():
            pass
    obedient = ObedientGateway()
    opened = OpenGateways(keys, {"obedient": lambda _name, _settings: obedient})
    dispatcher = Dispatcher(workplace, clock, opened, clearance)
    clock.move(minutes=1)
    while dispatcher.step() or len(obedient.given) < patients:
        clock.move(minutes=1)
    yield texting, keys
    database.close()


def _telephones(count: int) -> list[str]:
    return [f"+346{number:08}" for number in range(count)]
