"""E-mails to patients through a real mail server: whose words, in which language, with whose leave, and when not."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from contract.receipts import receipt_code
from hub.cases.casework import cases
from hub.cases.casework.person import Person
from hub.cases.casework.statuses import Status
from hub.cases.correspondence import mails, templates
from hub.cases.correspondence.mails import ClientMailSender
from hub.core.errors import BadInput, Conflict, Forbidden, NotFound
from hub.core.mail.smtp import SmtpServer
from hub.core.mail.smtp_address import SmtpAddress
from hub.core.unit_of_work import Workplace
from tests.fakes.mail_server import Mailbox, running_mail_server
from tests.hub.cases.complaints import AGENT, CHIEF, DOCTOR, PHONE, QUALITY, WORDS, move, opened
from tests.hub.clinic import Clinic

ADDRESS = "paciente@correo.test"
WILLING = Person(PHONE, ADDRESS, "", WORDS, may_mail=True)
HUB = "https://hub.test/"
OUR_WORDS = {
    "es": ("Su queja en $clinic", "La atendemos. Código $code: $address"),
    "ca": ("La seva queixa a $clinic", "L'atenem. Codi $code: $address"),
    "ru": ("Ваша жалоба, $clinic", "Мы занимаемся ею. Код $code: $address"),
}


class Post:
    """What is written at the hub, and what arrives."""

    def __init__(self, clinic: Clinic, mailbox: Mailbox, port: int) -> None:
        server = SmtpServer(SmtpAddress("smtp", "127.0.0.1", port), "")
        self.workplace = clinic.workplace
        self.mailbox = mailbox
        self.sender = ClientMailSender(
            clinic.workplace, clinic.clock, "clinic@hub.test", server.post
        )
        for language, (subject, body) in OUR_WORDS.items():
            self.template(language, subject, body)

    def template(self, language: str, subject: str, body: str, *, approved: bool = True) -> None:
        with self.workplace.begin() as work:
            place = ("north", "received", language)
            templates.write(work, CHIEF, *place, subject=subject, body=body)
            if approved:
                templates.approve(work, QUALITY, *place)

    def write(self, case: int, own_words: str = "") -> int:
        with self.workplace.begin() as work:
            return mails.write(
                work, AGENT, case_id=case, template="received", address=HUB, own_words=own_words
            )

    def send(self) -> None:
        while self.sender.step():
            pass

    def states(self, case: int) -> list[str]:
        with self.workplace.read() as work:
            return [mail.state for mail in mails.mails(work, AGENT, case)]


@pytest.fixture(scope="module")
def open_server() -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    with running_mail_server(mailbox) as port:
        yield mailbox, port


@pytest.fixture
def post(clinic: Clinic, staffed: Workplace, open_server: tuple[Mailbox, int]) -> Post:
    mailbox, port = open_server
    mailbox.__init__()  # type: ignore[misc]
    return Post(clinic, mailbox, port)


@pytest.mark.parametrize(
    ("language", "greeting"),
    [("es", "La atendemos"), ("ru", "Мы занимаемся"), ("fr", "L'atenem")],
)
def test_approved_words_go_out_once_in_the_patients_language(
    post: Post, language: str, greeting: str
) -> None:
    case = opened(post.workplace, person=WILLING, language=language)
    post.write(case)
    post.send()
    post.send()
    (mail,) = post.mailbox.mails
    with post.workplace.read() as work:
        visit = cases.case(work, AGENT, case).visit
    text = mail.get_content()
    assert (mail["To"], mail["From"]) == (ADDRESS, "clinic@hub.test")
    assert "North" in mail["Subject"]
    assert greeting in text
    assert receipt_code(visit) in text
    assert "https://hub.test/receipt" in text
    assert PHONE not in text
    assert post.states(case) == ["sent"]


def test_somebodys_own_words_wait_for_somebody_else(post: Post) -> None:
    case = opened(post.workplace, person=WILLING)
    number = post.write(case, "Lo sentimos mucho.")
    post.send()
    assert post.mailbox.mails == []
    with pytest.raises(Forbidden), post.workplace.begin() as work:
        mails.approve(work, AGENT, case, number)
    with post.workplace.begin() as work:
        mails.approve(work, QUALITY, case, number)
    post.send()
    (mail,) = post.mailbox.mails
    assert mail.get_content().startswith("Lo sentimos mucho.")
    with pytest.raises(NotFound), post.workplace.begin() as work:
        mails.approve(work, QUALITY, case, number)


def test_nobody_approves_their_own_words(post: Post) -> None:
    case = opened(post.workplace, person=WILLING)
    with post.workplace.begin() as work:
        number = mails.write(
            work, CHIEF, case_id=case, template="received", address=HUB, own_words="Sorry"
        )
    with pytest.raises(Conflict), post.workplace.begin() as work:
        mails.approve(work, CHIEF, case, number)
    with post.workplace.begin() as work:
        templates.write(work, CHIEF, "north", "other", "es", subject="Hola", body="Hola")
    with pytest.raises(Conflict), post.workplace.begin() as work:
        templates.approve(work, CHIEF, "north", "other", "es")


def test_an_older_version_is_sent_until_the_newer_is_approved(post: Post) -> None:
    post.template("es", "Nuevo", "Nuevo texto", approved=False)
    case = opened(post.workplace, person=WILLING)
    post.write(case)
    with post.workplace.begin() as work:
        templates.approve(work, QUALITY, "north", "received", "es")
    post.write(case)
    post.send()
    assert [mail["Subject"] for mail in post.mailbox.mails] == ["Su queja en North", "Nuevo"]


def test_without_leave_nothing_is_written(post: Post) -> None:
    unwilling = Person(PHONE, ADDRESS, "", WORDS, may_mail=False)
    without = Person(PHONE, "", "", WORDS, may_mail=True)
    for number, person in enumerate((unwilling, without)):
        with pytest.raises(Conflict):
            post.write(opened(post.workplace, number, person=person))


def test_leave_is_asked_again_when_it_is_sent(post: Post) -> None:
    case = opened(post.workplace, person=WILLING)
    post.write(case)
    move(post.workplace, AGENT, case, Status.CONTACTING)
    move(post.workplace, AGENT, case, Status.NO_CONSENT)
    post.send()
    assert post.mailbox.mails == []
    assert post.states(case) == ["withheld"]


def test_the_link_of_a_mail_ends_them_all(post: Post, clinic: Clinic) -> None:
    first = opened(post.workplace, 1, person=WILLING)
    other = opened(post.workplace, 2, "south", person=WILLING)
    post.write(first)
    post.write(first)
    post.sender.step()
    (mail,) = post.mailbox.mails
    stop = mail["List-Unsubscribe"].strip(" <>").removeprefix("https://hub.test")
    assert ADDRESS not in stop
    with TestClient(clinic.app(), base_url="http://hub.test") as client:
        assert client.get(stop).status_code == 200
        assert client.post(stop).status_code == 200
    post.send()
    assert len(post.mailbox.mails) == 1
    assert post.states(first) == ["sent", "withheld"]
    with pytest.raises(Conflict):
        post.write(first)
    with post.workplace.begin() as work, pytest.raises(Conflict):
        mails.write(work, QUALITY, case_id=other, template="received", address=HUB)


def test_a_refused_address_is_told_and_a_busy_server_asked_again(
    post: Post, clinic: Clinic
) -> None:
    case = opened(post.workplace, person=WILLING)
    post.mailbox.refused.add(ADDRESS)
    post.write(case)
    post.send()
    post.mailbox.refused.clear()
    post.mailbox.answers.append("451 later")
    post.write(case)
    post.send()
    assert post.states(case) == ["refused", "waiting"]
    clinic.clock.move(minutes=5)
    post.send()
    assert post.states(case) == ["refused", "sent"]


def test_whoever_is_complained_about_neither_sees_nor_writes_a_mail(post: Post) -> None:
    case = opened(post.workplace, person=WILLING, employee="anna-north")
    post.write(case)
    with post.workplace.read() as work:
        assert mails.mails(work, DOCTOR, case) == []
    with pytest.raises(Forbidden), post.workplace.begin() as work:
        mails.write(work, DOCTOR, case_id=case, template="received", address=HUB)


@pytest.mark.parametrize("body", ["", "Dear $name", "cheap: 5$", "x" * 4001])
def test_templates_that_cannot_be_filled_are_refused(post: Post, body: str) -> None:
    with pytest.raises(BadInput):
        post.template("es", "Hola", body)
