"""Two dashboards in two browsers, and all that lies before them: terminal, broker and hub, each a real process."""

import time
from collections.abc import Iterator
from statistics import median

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_live_page import CONNECTED, INTERRUPTED
from tests.system.clinic import Clinic
from tests.system.patients import Patient

PRESSES = 5
WITHIN_MS = 1000
PATIENCE_MS = 60_000
NOTE_WHEN_SHOWN = """() => {
    const rows = document.getElementById("answer-rows");
    new MutationObserver(() => { rows.dataset.changed = Date.now(); }).observe(rows, { childList: true });
}"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with Clinic(tmp_path_factory.mktemp("clinic")) as opened:
        yield opened


def dashboard(browser: Browser, clinic: Clinic) -> Page:
    """In a browser of its own, signed in."""
    url = f"http://127.0.0.1:{clinic.hub.port}"
    context = browser.new_context()
    cookies = clinic.hub.api().http.cookies
    context.add_cookies([{"name": n, "value": v, "url": url} for n, v in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.wait_for_selector(CONNECTED)
    page.evaluate(NOTE_WHEN_SHOWN)
    return page


def keys(page: Page) -> list[str]:
    found: list[str] = page.locator("#answer-rows > li").evaluate_all(
        "rows => rows.map(row => row.dataset.key)"
    )
    return found


def await_rows(pages: list[Page], count: int) -> None:
    for page in pages:
        page.wait_for_selector(f"#answer-rows > li:nth-child({count})")


def test_a_press_shows_on_both_at_once_and_both_heal(browser: Browser, clinic: Clinic) -> None:
    pages = [dashboard(browser, clinic), dashboard(browser, clinic)]
    patient = Patient(clinic.terminal)
    delays = []
    with clinic.terminal.controls() as controls:
        for number in range(1, PRESSES + 1):
            began_ms = time.time() * 1000
            assert patient.press(controls).outcome == "thanked"
            await_rows(pages, number)
            shown = [float(p.locator("#answer-rows").get_attribute("data-changed")) for p in pages]  # type: ignore[arg-type]
            delays.append(max(shown) - began_ms)
        assert median(delays) <= WITHIN_MS, delays

        clinic.hub.process.kill()
        for page in pages:
            page.wait_for_selector(INTERRUPTED)
        assert patient.press(controls).outcome == "thanked"
    clinic.hub.start()
    clinic.hub.await_ready()
    for page in pages:
        page.wait_for_selector(CONNECTED)
    await_rows(pages, PRESSES + 1)
    assert keys(pages[0]) == keys(pages[1])
    assert len(set(keys(pages[0]))) == PRESSES + 1
    for page in pages:
        page.wait_for_selector("#tile-today .figure a")
        page.context.close()
