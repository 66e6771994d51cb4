"""Every staff page: accessible by axe-core, as wide as its screen in a language longer than any, wholly translated."""

import re
from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from hub.core.languages import COOKIE, Languages
from hub.core.texts import ENGLISH
from hub.identity.schemas import NewEmployee
from hub.identity.service import create_employee
from hub.web import create_app
from tests.browser.accessibility import violations
from tests.browser.test_live_page import sign_in
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.serving import Served, served

PATHS = [
    "/", "/?wallboard=1", "/?period=week&facility=north", "/calls", "/dead-letters", "/touchpoints", "/touchpoints/new",
    "/employees", "/employees/anna-north", "/shifts", "/opening-hours", "/surveys", "/surveys/north/express", "/served",
    "/photographing", "/answers/1",
    "/devices/desk-1", "/fleet", "/fleet?q=tag:a+AND", "/fleet/alerts", "/none",
]  # fmt: skip
SMS_PATHS = [
    "/sms", "/sms/new", "/sms/words?facility=north&language=es", "/sms/conversations", "/sms/scores", "/sms/alerts",
    "/sms/alerts/chain", "/sms/gateways", "/sms/gateways/new?kind=kannel", "/sms/gateways/new?kind=smpp",
]  # fmt: skip
"""Examined for accessibility where there are messages to show (test_sms_pages)."""
FLEET_PATHS = [
    "/fleet/rollouts", "/fleet/rollouts/new", "/fleet/hours", "/fleet/settings", "/fleet/enrol", "/fleet/asked",
    "/devices/desk-1/remote",
]  # fmt: skip
"""Examined for accessibility where there is something to show (test_fleet_pages)."""
NARROW, WIDE, HEIGHT = 390, 1280, 860
"""Pixels, of a telephone and of a desk."""
SETTLED = "body:not(:has(.awaited))"
"""Every tile has been read."""
DATA = re.compile(
    r"\d{4}|North|South|Wellheard|administrator|English|desk-|clinic/|^[-\d\s–:/.,A-Za-z]{0,14}$"
)
UNTRANSLATED = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.textContent.trim();
        const raw = node.parentElement.closest("pre, kbd, code, script, [data-raw]");
        if (/[a-z]{3}/i.test(text) && !text.includes("⟦") && !raw) found.push(text);
    }
    return found;
}"""


class Longer(NullTranslations):
    """A third longer than English, in brackets, so that what is not translated is seen."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}{' ~~~~' * (len(message) // 15 + 1)}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def server(clinic: Clinic) -> Iterator[Served]:
    clinic.press(1, 2, 9, value="very_bad")
    clinic.come_online(highest=12, pending=2)
    clinic.garble(b"x" * 300)
    with served(clinic) as running:
        yield running


def open_page(browser: Browser, width: int) -> Page:
    return browser.new_context(viewport={"width": width, "height": HEIGHT}).new_page()


def test_axe_finds_nothing(browser: Browser, server: Served) -> None:
    page = open_page(browser, WIDE)
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if "Policy" in said.text else None)
    page.goto(f"{server.url}/login")
    found = {"/login": violations(page)}
    sign_in(page, server)
    for path in PATHS:
        page.goto(server.url + path)
        page.wait_for_selector(SETTLED)
        found[path] = violations(page)
    assert {path: names for path, names in found.items() if names} == {}
    assert errors == []
    page.context.close()


class PseudoClinic:
    """The clinic whose pages know one language that nobody speaks."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self.live = clinic.live

    def app(self) -> FastAPI:
        longer = replace(ENGLISH, code="en", translations=Longer())
        return create_app(replace(self._clinic.parts(), languages=Languages({"en": longer})))


def test_the_longest_translation_fits_and_nothing_is_untranslated(
    browser: Browser, clinic: Clinic
) -> None:
    clinic.press(1, 2, 9, value="very_bad")
    clinic.garble(b"x" * 300)
    page = open_page(browser, WIDE)
    page.context.add_cookies([{"name": COOKIE, "value": "en", "url": "http://127.0.0.1"}])
    with served(PseudoClinic(clinic)) as server:  # type: ignore[arg-type]
        page.goto(f"{server.url}/login")
        page.fill("#name", "administrator")
        page.fill("#password", "correct horse")
        page.keyboard.press("Enter")
        page.wait_for_selector("html[data-connected=yes]")
        for path in ("/login", *PATHS, *SMS_PATHS, *FLEET_PATHS):
            page.goto(server.url + path)
            page.wait_for_selector(SETTLED)
            for width in (NARROW, WIDE):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            bare = [text for text in page.evaluate(UNTRANSLATED) if not DATA.search(text)]
            assert bare == [], path
    page.context.close()


def test_a_long_list_is_narrowed_by_what_is_typed(
    browser: Browser, clinic: Clinic, server: Served
) -> None:
    with clinic.workplace.begin() as work:
        for name in ("Núria Font", "Omar Haddad", *(f"Somebody {n}" for n in range(8))):
            code = name.split()[-1].lower()
            create_employee(work, WHOLE, NewEmployee(id=f"e-{code}", facility="north", name=name))
    page = open_page(browser, WIDE)
    sign_in(page, server, "administrator")
    page.goto(server.url + "/employees")
    page.keyboard.press("/")
    page.keyboard.type("nuria")
    expect(page.locator("#narrowed > :visible")).to_have_count(1)
    expect(page.locator("#narrowed > :visible")).to_contain_text("Núria Font")
    page.keyboard.type("x")
    expect(page.get_by_text("Nothing in the list is like this.")).to_be_visible()
    assert violations(page) == []
    page.context.close()
