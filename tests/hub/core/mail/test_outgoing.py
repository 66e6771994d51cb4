"""A mail goes out once, whatever becomes of the mail server and of hubs that die while they send."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from structlog.testing import capture_logs

from hub.core.jobs import queue
from hub.core.mail.outgoing import (
    KEPT_MS,
    KIND,
    LEASE_MS,
    MANNER,
    Mail,
    MailSender,
    opened,
    put_mail,
)
from hub.core.mail.smtp import SmtpServer
from hub.core.mail.smtp_address import SmtpAddress
from hub.core.unit_of_work import Workplace
from tests.fakes.clock import HeldClock
from tests.fakes.mail_server import Mailbox, running_mail_server
from tests.fakes.vault import ReversingVault

ALERT = Mail("manager@clinic.test", "An unhappy patient", "Somebody waits: https://hub.test/a/1")


class Hub:
    """One hub process, as far as mail goes."""

    def __init__(self, workplace: Workplace, clock: HeldClock) -> None:
        self.workplace = workplace
        self.clock = clock

    def put(self, *mails: Mail) -> None:
        with self.workplace.begin() as work:
            for mail in mails:
                put_mail(work, mail)

    def send(self, port: int) -> None:
        server = SmtpServer(SmtpAddress("smtp", "127.0.0.1", port), "")
        sender = MailSender(
            self.workplace, ReversingVault(), self.clock, "hub@clinic.test", server.post
        )
        (duty,) = sender.duties()
        while duty.step():
            pass

    def waiting(self) -> int:
        with self.workplace.read() as work:
            return queue.waiting(work, KIND)


@pytest.fixture
def hub(workplace: Workplace, clock: HeldClock) -> Hub:
    return Hub(workplace, clock)


@pytest.fixture(scope="module")
def open_server() -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    with running_mail_server(mailbox) as port:
        yield mailbox, port


@pytest.fixture
def server(open_server: tuple[Mailbox, int]) -> tuple[Mailbox, int]:
    open_server[0].__init__()  # type: ignore[misc]
    return open_server


def test_a_mail_goes_out_once(hub: Hub, server: tuple[Mailbox, int]) -> None:
    mailbox, port = server
    hub.put(ALERT)
    hub.send(port)
    hub.send(port)
    (mail,) = mailbox.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        ALERT.to,
        "hub@clinic.test",
        ALERT.subject,
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().strip() == ALERT.text
    assert hub.waiting() == 0


def test_neither_address_nor_words_lie_open_while_a_mail_waits(hub: Hub) -> None:
    hub.put(ALERT)
    with hub.workplace.begin() as work:
        (job,) = queue.claim(work, KIND, 1, LEASE_MS).jobs
    assert set(job.payload) == {"id", "sealed"}
    assert not any(word in str(job.payload) for word in ("manager", "unhappy", "https", "hub.test"))
    assert opened(ReversingVault(), job.payload) == ALERT


def test_what_a_hub_of_before_has_put_is_sent_too(hub: Hub, server: tuple[Mailbox, int]) -> None:
    mailbox, port = server
    to = b64encode(ReversingVault().seal(ALERT.to.encode())).decode()
    told = {"id": "a", "to": to, "subject": ALERT.subject, "text": ALERT.text}
    with hub.workplace.begin() as work:
        queue.put(work, KIND, told)
    hub.send(port)
    (mail,) = mailbox.mails
    assert (mail["To"], mail.get_content().strip()) == (ALERT.to, ALERT.text)


def test_nothing_is_sent_for_what_was_rolled_back(hub: Hub) -> None:
    with suppress(RuntimeError), hub.workplace.begin() as work:
        put_mail(work, ALERT)
        raise RuntimeError
    assert hub.waiting() == 0


def test_while_the_server_is_away_mails_wait(hub: Hub) -> None:
    mailbox = Mailbox()
    with running_mail_server(mailbox) as port:
        pass
    hub.put(ALERT)
    for _ in range(5):
        with capture_logs() as logs:
            hub.send(port)
        assert "@" not in str([{**log, "exc_info": None} for log in logs])
        hub.clock.move(ms=MANNER.longest_pause_ms)
    with running_mail_server(mailbox, port):
        hub.send(port)
    assert len(mailbox.mails) == 1


def test_what_is_tried_again_is_the_same_mail(hub: Hub, server: tuple[Mailbox, int]) -> None:
    mailbox, port = server
    hub.put(ALERT)
    mailbox.answers = ["451 later"]
    hub.send(port)
    hub.clock.move(ms=MANNER.pause_ms)
    hub.send(port)
    first, second = mailbox.offered
    assert first.as_string() == second.as_string()
    assert len(mailbox.mails) == 1


def test_a_hub_that_dies_between_sending_and_noting_makes_no_second_mail(
    hub: Hub, server: tuple[Mailbox, int]
) -> None:
    mailbox, port = server
    hub.put(ALERT)
    with dying(hub, port):
        pass
    hub.send(port)
    assert len(mailbox.mails) == 1, "another hub must not send while the first may still be sending"
    hub.clock.move(ms=LEASE_MS)
    hub.send(port)
    assert len(mailbox.by_id()) == 1
    assert hub.waiting() == 0


def test_what_will_never_be_taken_holds_nothing_up(hub: Hub, server: tuple[Mailbox, int]) -> None:
    mailbox, port = server
    mailbox.refused = {"gone@clinic.test"}
    hub.put(Mail("gone@clinic.test", "An unhappy patient", "link"), ALERT)
    with capture_logs() as logs:
        hub.send(port)
    assert [mail["To"] for mail in mailbox.mails] == [ALERT.to]
    assert [log["event"] for log in logs] == ["mail_refused"]
    assert hub.waiting() == 0


def test_what_helps_nobody_any_more_is_not_sent(hub: Hub, server: tuple[Mailbox, int]) -> None:
    mailbox, port = server
    hub.put(ALERT)
    hub.clock.move(ms=KEPT_MS + 1)
    with capture_logs() as logs:
        hub.send(port)
    assert not mailbox.offered
    assert [log["event"] for log in logs] == ["mail_too_old"]


@contextmanager
def dying(hub: Hub, port: int) -> Iterator[None]:
    """A hub whose worker ends for good right after the server has taken the mail."""

    class Killed(BaseException):
        pass

    server = SmtpServer(SmtpAddress("smtp", "127.0.0.1", port), "")

    def post_and_die(message: object) -> None:
        server.post(message)  # type: ignore[arg-type]
        raise Killed

    sender = MailSender(hub.workplace, ReversingVault(), hub.clock, "hub@clinic.test", post_and_die)
    (duty,) = sender.duties()
    with pytest.raises(Killed):
        duty.step()
    yield
