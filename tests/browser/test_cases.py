"""The whole loop in a browser: a complaint arrives, is worked through by keyboard and mouse, and its receipt tells."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from contract.messages import Asked
from contract.receipts import receipt_code
from hub.cases.casework import workers
from hub.cases.casework.statuses import WAY
from hub.cases.casework.workers import Reach, Worker
from hub.cases.receipts import forms
from tests.browser.accessibility import violations
from tests.browser.test_live_page import sign_in
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.serving import Served, served
from tests.hub.terminal import VISIT, Terminal

WORDS = "Nadie me explicó nada y esperé una hora"
SOON_MS = 2_000
OTHER_PAGES = ("/cases/statistics?by=topic", "/problems", "/cases/alerts", "/cases/new", "/audit")
SETTINGS = (
    "/casework/hours?facility=north",
    "/casework/people?facility=north",
    "/casework/people/north/5",
    "/casework/labels?facility=north",
    "/casework/mails?facility=north",
    "/casework/mails/north/new/en",
    "/casework/sheets?facility=north",
)


@pytest.fixture
def server(clinic: Clinic) -> Iterator[Served]:
    with clinic.workplace.begin() as work:
        ana = Worker(5, "", "Ana", frozenset({"es"}), frozenset(), None, 1, True)
        workers.describe(work, WHOLE, ana, Reach())
    with served(clinic) as running:
        yield running


def assert_accessible(page: Page) -> None:
    assert violations(page) == [], page.url


def complain(clinic: Clinic) -> None:
    """As a terminal tells what a patient touched."""
    terminal = Terminal(clinic.clock)  # type: ignore[arg-type]
    recommend = Asked(survey="express", question="recommend")
    answer = terminal.answer(
        asked=recommend, value="no", touchpoint="reception-north", employee="anna-north"
    )
    clinic.inbox.store([answer, terminal.contact(comment=WORDS, language="es")])


def test_from_a_complaint_to_its_receipt(page: Page, clinic: Clinic, server: Served) -> None:
    sign_in(page, server, "administrator")
    page.goto(f"{server.url}/cases")
    expect(page.locator("html[data-connected=yes]")).to_be_attached()
    complain(clinic)
    row = page.locator("[data-case]")
    row.wait_for(timeout=SOON_MS)
    expect(page.get_by_text("An unhappy patient is still here")).to_be_visible()
    assert_accessible(page)

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    expect(page.get_by_text(WORDS)).to_be_visible()
    assert_accessible(page)
    for status in WAY[1:]:
        form = page.locator("form[action$='/status']")
        form.locator("[name=to]").select_option(status.value)
        form.locator("[name=minutes]").fill("5")
        form.get_by_role("button").click()
        expect(page.locator(".told-status")).to_have_count(WAY.index(status))
    comment = page.locator("form[action$='/comment']")
    comment.locator("[name=text]").fill("We now explain everything, Ana Puig saw to it.")
    comment.locator("[value=client]").check()
    comment.get_by_role("button", name="Add the comment").click()
    expect(page.locator(".told-client")).to_have_count(1)
    for path in (*OTHER_PAGES, *SETTINGS):
        page.goto(f"{server.url}{path}")
        assert_accessible(page)

    stranger = page.context.browser
    assert stranger is not None
    outside = stranger.new_context().new_page()
    outside.goto(f"{server.url}/receipt")
    assert_accessible(outside)
    outside.locator("[name=code]").fill(receipt_code(VISIT).lower())
    outside.get_by_role("button").click()
    expect(outside.locator("[aria-current=step]")).to_have_text(re.compile("settled"))
    expect(outside.locator("blockquote")).to_contain_text("We now explain everything")
    assert_accessible(outside)
    outside.goto("about:blank")
    outside.goto(f"{server.url}/receipt#{receipt_code(VISIT)}")  # as scanned from the terminal
    expect(outside.locator("[aria-current=step]")).to_have_text(re.compile("settled"))
    with clinic.workplace.read() as work:
        address = forms.address(work.vault, "clinic", "north", "reception-north")
    outside.goto(f"{server.url}{address}")
    assert_accessible(outside)
    outside.context.close()
