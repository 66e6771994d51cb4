"""Surveys by SMS in a real browser: a list with bad rows, a campaign that goes on by itself, words and what they cost,
and a telephone on a page that texts with the clinic."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.core.clock import SystemClock
from hub.core.db import Database
from hub.core.jobs.ticker import Ticker
from hub.core.logs import configure_logs
from hub.core.unit_of_work import Listeners, Workplace
from hub.sms import assembly
from hub.sms.campaigns import definitions
from hub.sms.campaigns.definitions import CampaignState
from hub.sms.campaigns.schemas import NewCampaign
from hub.sms.clearing import clearance
from hub.sms.dictionaries import lexicons
from hub.sms.gateways.dispatching import Dispatcher
from hub.sms.gateways.registry import OpenGateways
from hub.sms.gateways.simulated import gateway as simulated
from hub.sms.gateways.simulated.network import SimulatedNetwork
from hub.sms.interpreter.interpreter import Interpreter
from tests.browser.accessibility import violations
from tests.browser.test_live_page import CONNECTED, sign_in
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.schema import put_schema
from tests.hub.serving import Served, served

AT_ANY_HOUR = {
    "from_minute": 0,
    "until_minute": 1440,
    "weekdays": list(range(7)),
    "delay_minutes": 0,
}
CAMPAIGNS = (
    {"id": "visits", "facility": "north", "name": "After the visit", "policy": AT_ANY_HOUR},
    {
        "id": "try-it",
        "facility": "north",
        "name": "Try it",
        "trigger": "demonstration",
        "keyword": "SI",
    },
)
BAD_LIST = "Móvil;Paciente;Idioma\n600100201;1;es\n12;2;es\n600100203;3;xx\n600100201;1;es\n"
GOOD_LIST = "Contacto;NHC;Idioma\n600100301;11;es\n600100302;12;ru\n"
PATHS = (
    "/sms", "/sms/new", "/sms/campaigns/visits", "/sms/campaigns/visits/edit", "/sms/campaigns/visits/lists",
    "/sms/words?facility=north&language=es", "/sms/conversations", "/sms/scores", "/sms/alerts", "/demo/phone/7",
    "/sms/alerts/chain?facility=north", "/sms/gateways", "/sms/gateways/new?kind=kannel", "/sms/gateways/new?kind=smpp",
)  # fmt: skip


class TextingClinic(Clinic):
    """A demonstration: messages go to telephones on a page."""

    def __init__(self, workplace: Workplace, listeners: Listeners, clock: SystemClock) -> None:
        super().__init__(workplace, listeners, clock)
        self.telephones = SimulatedNetwork()
        openers = {simulated.KIND: simulated.opener(self.telephones)}
        self.gateways = OpenGateways(ReversingVault(), openers)
        with workplace.begin() as work:
            simulated.ensure(work, WHOLE)
            for campaign in CAMPAIGNS:
                made = NewCampaign.model_validate(campaign)
                definitions.create(work, WHOLE, made, "tester")
                definitions.set_state(work, WHOLE, made.id, CampaignState.RUNNING)

    def duties(self, folder: Path) -> Ticker:
        """What looks after messages while the pages are open."""
        interpreter = Interpreter(lexicons())
        joined = assembly.join(
            self.workplace,
            self.listeners,
            self.clock,
            lambda: interpreter,
            pages_url="https://hub.test",
            drop_folder=folder,
        )
        dispatcher = Dispatcher(self.workplace, self.clock, self.gateways, clearance)
        reports = self.telephones.duties(self.workplace)
        return Ticker([*joined, *dispatcher.duties()[:1], *reports])


@dataclass
class Desk:
    """A receptionist's page, signed in, and the server behind it."""

    page: Page
    server: Served
    clinic: TextingClinic

    def go(self, path: str) -> Page:
        self.page.goto(self.server.url + path)
        return self.page


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    configure_logs()
    folder = tmp_path_factory.mktemp("sms")
    put_schema(folder / "hub.db")
    database, listeners, clock = (
        Database(f"sqlite:///{folder / 'hub.db'}"), Listeners(), SystemClock(),
    )  # fmt: skip
    workplace = Workplace(database, listeners, clock, ReversingVault())
    clinic = TextingClinic(workplace, listeners, clock)
    ticker = clinic.duties(folder / "lists")
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    ticker.start()
    with served(clinic) as server:
        sign_in(page, server)
        page.wait_for_selector(CONNECTED)
        yield Desk(page, server, clinic)
        context.close()
    ticker.stop()
    database.close()
    assert errors == []


def file(content: str) -> dict[str, object]:
    return {"name": "list.csv", "mimeType": "text/csv", "buffer": content.encode()}


def test_a_list_shows_every_bad_row_and_is_taken_in_whole(desk: Desk) -> None:
    page = desk.go("/sms/campaigns/visits/lists")
    page.set_input_files("#table", file(BAD_LIST))  # type: ignore[arg-type]
    rows = page.locator(".bad-rows tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("3")
    expect(rows.nth(0)).to_contain_text("not a telephone")
    expect(rows.nth(1)).to_contain_text("only ca, en, es, ru")
    expect(rows.nth(2)).to_contain_text("in line 2 already")
    expect(page.get_by_role("button", name="Take them in")).to_have_count(0)

    page.set_input_files("#table", file(GOOD_LIST))  # type: ignore[arg-type]
    expect(page.locator("#preview")).to_contain_text("Say which column is the telephone.")
    page.locator("[name=column-telephone]").select_option("Contacto")
    expect(page.locator("#preview")).to_contain_text("2 rows can be taken in.")
    expect(page.locator("#preview")).to_contain_text("Nothing is stored yet.")
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_role("status").first).to_contain_text("2 rows were taken in.")
    expect(page.locator(".funnel li").nth(2)).to_contain_text("delivered")
    expect(page.locator(".funnel li").nth(2).locator(".step-count")).to_have_text("2")


def test_a_campaign_is_watched_while_a_patient_answers_on_the_telephone(desk: Desk) -> None:
    page = desk.go("/sms/campaigns/visits/lists")
    page.locator("#by-hand").get_by_label("Telephone").fill("600100007")
    page.get_by_role("button", name="Ask this patient").click()
    scored = page.locator(".funnel li").nth(5).locator(".step-count")
    expect(scored).to_have_text("0")
    page.wait_for_selector(CONNECTED)

    telephone = page.context.new_page()
    telephone.set_default_timeout(30_000)
    telephone.goto(f"{desk.server.url}/demo/phone/7")
    screen = telephone.locator("#messages")
    expect(screen).to_contain_text("Responda SI o NO")
    for reply, answer in (("sí", "De 0 a 10"), ("un 4, esperé mucho", "por qué")):
        telephone.get_by_label("Your message").fill(reply)
        telephone.get_by_role("button", name="Send").click()
        expect(screen).to_contain_text(answer)
    telephone.close()

    expect(scored).to_have_text("1")
    desk.go("/sms/conversations?show=unhappy")
    page.locator(".talk a").click()
    expect(page.locator(".bubble.theirs").last).to_have_text("un 4, esperé mucho")
    expect(page.locator("body")).not_to_contain_text("600100007")


def test_anybody_starts_the_demonstration_and_it_never_counts(desk: Desk, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{desk.server.url}/demo/phone/8")
    expect(page.locator(".keyword")).to_have_text("SI")
    for reply, answer in (("SI", "De 0 a 10"), ("10", "Muchas gracias")):
        page.get_by_label("Your message").fill(reply)
        page.get_by_label("Your message").press("Enter")
        expect(page.locator("#messages")).to_contain_text(answer)
    context.close()
    page = desk.go("/sms/campaigns/try-it")
    expect(page.locator("#progress")).to_contain_text("never counted")


def test_the_preview_says_which_letter_costs_a_part(desk: Desk) -> None:
    page = desk.go("/sms/words?facility=north&language=es")
    word = page.locator("#word-thank_promoter")
    word.locator("textarea").fill("Gracias por venir a vernos. " * 4)
    expect(word.locator(".word-preview")).to_contain_text("GSM-7")
    expect(word.locator(".word-preview")).to_contain_text("1 part")
    word.locator("textarea").fill("Gracias por venir a vernos así. " * 4)
    expect(word.locator(".turns")).to_have_text("Without í it would have 1 part instead of 2.")
    word.get_by_role("button", name="Save").click()
    expect(word).to_contain_text("Saved.")
    word.get_by_role("button", name="Standard words").click()
    expect(word.locator("textarea")).to_have_value(
        "¡Muchas gracias! Nos alegra haberle atendido bien."
    )


def test_a_campaign_is_made_paused_and_stopped(desk: Desk) -> None:
    page = desk.go("/sms/new")
    page.get_by_label("Name").fill("Discharged")
    page.get_by_label("When patients are asked").select_option("discharge")
    page.get_by_label("From").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#from_minute-problem")).to_contain_text("not a time")
    page.get_by_label("From").fill("10:00")
    page.get_by_label("At most so many of a group").fill("cardiology: 50")
    page.get_by_role("button", name="Save").click()
    for act, state in (
        ("Begin", "running"),
        ("Pause", "paused"),
        ("Resume", "running"),
        ("Stop", "stopped"),
    ):
        page.locator("summary", has_text=act).click()
        page.get_by_role("button", name=f"Yes: {act}").click()
        expect(page.locator("#progress .chip").first).to_have_text(state)


def test_axe_finds_nothing_and_a_telephone_is_wide_enough(desk: Desk) -> None:
    found = {}
    for path in PATHS:
        desk.page.set_viewport_size({"width": 1280, "height": 860})
        page = desk.go(path)
        found[path] = violations(page)
        page.set_viewport_size({"width": 390, "height": 860})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert {path: names for path, names in found.items() if names} == {}
