"""Notices of deadlines, up the chain: on pages, as e-mails through a real server, and as rows of SMS."""

import json
from dataclasses import replace

import pytest
from sqlmodel import select

from hub.cases.calling import attempts
from hub.cases.calling.attempts import Outcome
from hub.cases.casework import assigning, moving, workers
from hub.cases.casework.workers import Reach
from hub.cases.deadlines import notices
from hub.cases.deadlines.clocks import NOTICES
from hub.cases.deadlines.notices import DeadlineWatch
from hub.core.mail.outgoing import MailSender
from hub.core.mail.smtp import SmtpServer
from hub.core.mail.smtp_address import SmtpAddress
from hub.sms.gateways.tables import SmsOutgoing
from tests.fakes.mail_server import Mailbox, running_mail_server
from tests.fakes.vault import ReversingVault
from tests.hub.cases.complaints import AGENT, CHIEF, DOCTOR, QUALITY, account, opened
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.conftest import BOTH

TO_MONDAY_NINE_H = 19
"""From the clinic's Sunday noon, UTC, to the next working hour in Madrid."""


class Monday:
    """A case that opened on Sunday; the clock stands where its deadlines begin to run."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.watch = DeadlineWatch(clinic.workplace, "https://hub.test/")
        with clinic.workplace.begin() as work:
            for scope, number in ((AGENT, 1), (DOCTOR, 2), (QUALITY, 3), (CHIEF, 4)):
                known = workers.workers(work, WHOLE, "north")
                worker = next(w for w in known if w.account == account(scope))
                mail = f"{worker.name.lower()}@clinic.test"
                rank = 1 if scope is DOCTOR else worker.rank
                reach = Reach(mail, f"+3460000000{number}")
                workers.describe(work, WHOLE, replace(worker, rank=rank), reach)
        self.case = opened(clinic.workplace)
        with clinic.workplace.begin() as work:
            assigning.assign(work, CHIEF, self.case, account(AGENT))
        clinic.clock.move(hours=TO_MONDAY_NINE_H)

    def after(self, minutes: float) -> list[tuple[str, str]]:
        """Let the time pass; who is told by which way, as `(ana, mail)`, since then."""
        self.clinic.clock.move(minutes=minutes)
        mailbox, before = Mailbox(), len(self.texts())
        for _number in NOTICES:
            self.watch.step()
        with running_mail_server(mailbox) as port:
            server = SmtpServer(SmtpAddress("smtp", "127.0.0.1", port), "")
            sender = MailSender(
                self.clinic.workplace, ReversingVault(), self.clinic.clock, "h@clinic.test", server.post
            )  # fmt: skip
            (duty,) = sender.duties()
            while duty.step():
                pass
        self.mails = [mail.get_content() for mail in mailbox.mails]
        told = [(mail["To"].partition("@")[0], "mail") for mail in mailbox.mails]
        return sorted(
            told + [(self._owner(text["recipient"]), "sms") for text in self.texts()[before:]]
        )

    def texts(self) -> list[dict[str, str]]:
        with self.clinic.workplace.read() as work:
            rows = work.session.exec(select(SmsOutgoing).order_by(SmsOutgoing.number))  # type: ignore[arg-type]
            return [json.loads(work.vault.open(row.sealed)) for row in rows]

    def on_page(self, number: int) -> list[tuple[str, int]]:
        with self.clinic.workplace.read() as work:
            return [(n.kind, n.percent) for n in notices.notices(work, WHOLE, number)]

    def _owner(self, telephone: str) -> str:
        return {"1": "ana", "2": "dora", "3": "quim", "4": "carla"}[telephone[-1]]


@pytest.fixture
def monday(clinic: Clinic, staffed: object) -> Monday:
    return Monday(clinic)


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_each_notice_goes_one_step_further_up(monday: Monday) -> None:
    assert monday.after(47) == []
    assert monday.after(1) == [("ana", "mail"), ("quim", "mail")]
    assert f"https://hub.test/cases/{monday.case}" in monday.mails[0]
    assert monday.after(11) == []
    first, second = [("ana", "mail"), ("ana", "sms")], [("quim", "mail"), ("quim", "sms")]
    assert monday.after(1) == first + second
    assert "100 %" in monday.texts()[0]["text"]
    assert monday.after(30) == [*first, ("carla", "mail"), ("carla", "sms"), *second]
    assert monday.after(60) == []
    assert monday.on_page(account(AGENT)) == [("first_call", p) for p in (150, 100, 80)] + [
        ("assigned", 0)
    ]
    assert monday.on_page(account(CHIEF)) == [("first_call", 150)]
    assert monday.on_page(account(DOCTOR)) == []


def test_a_hub_that_slept_tells_of_everything_once(monday: Monday) -> None:
    told = monday.after(91)
    assert [who for who, way in told if way == "mail"] == ["ana"] * 3 + ["carla"] + ["quim"] * 3
    assert monday.after(0) == []


def test_nobody_is_told_of_what_was_done_in_time(monday: Monday) -> None:
    with monday.clinic.workplace.begin() as work:
        attempts.log_call(work, AGENT, monday.case, Outcome.NO_ANSWER)
    assert monday.after(120) == []


def test_while_the_patient_is_waited_for_nobody_is_told(monday: Monday) -> None:
    monday.after(30)
    with monday.clinic.workplace.begin() as work:
        moving.wait_for_patient(work, AGENT, monday.case, True)
    assert monday.after(24 * 60) == []
    with monday.clinic.workplace.begin() as work:
        moving.wait_for_patient(work, AGENT, monday.case, False)
    assert monday.after(17) == []
    assert ("ana", "mail") in monday.after(1)


def test_what_was_seen_is_gone_from_the_page(monday: Monday) -> None:
    assert monday.on_page(account(AGENT)) == [("assigned", 0)]
    monday.after(48)
    with monday.clinic.workplace.begin() as work:
        notices.see(work, WHOLE, account(QUALITY), monday.case)
    assert monday.on_page(account(QUALITY)) == []
    assert ("first_call", 80) in monday.on_page(account(AGENT))
