"""The operator's pages in a real browser: accessible in light and dark, as wide as their screen, used by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.core.clock import SystemClock
from hub.core.db import Database
from hub.core.logs import configure_logs
from hub.core.unit_of_work import Listeners, Workplace
from hub.migrations import upgrade
from tests.browser.accessibility import violations
from tests.browser.crowded_clinic import CrowdedClinic
from tests.browser.test_live_page import CONNECTED, sign_in
from tests.fakes.vault import ReversingVault
from tests.hub.serving import Served, served


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CrowdedClinic]:
    configure_logs()
    folder: Path = tmp_path_factory.mktemp("crowded")
    database, listeners, clock = (
        Database(f"sqlite:///{folder / 'hub.db'}"), Listeners(), SystemClock(),
    )  # fmt: skip
    upgrade(database)
    workplace = Workplace(database, listeners, clock, ReversingVault())
    yield CrowdedClinic(workplace, listeners, clock, folder)
    database.close()


@pytest.fixture(scope="module")
def server(crowded: CrowdedClinic) -> Iterator[Served]:
    with served(crowded) as running:
        yield running


@pytest.fixture(scope="module")
def operated(browser: Browser, server: Served) -> Iterator[Page]:
    """One page of an operator's browser; an error in a script or a refused resource fails whoever looks."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    sign_in(opened, server, "fleet")
    opened.wait_for_selector(CONNECTED)
    yield opened
    context.close()


def test_every_page_of_the_fleet_is_accessible_and_fits(
    operated: Page, server: Served, crowded: CrowdedClinic
) -> None:
    errors: list[str] = []
    operated.on("pageerror", lambda error: errors.append(str(error)))
    operated.on("console", lambda said: errors.append(said.text) if "Policy" in said.text else None)
    found, wide = {}, {}
    for name, path in crowded.paths().items():
        operated.set_viewport_size({"width": 1280, "height": 860})
        answer = operated.goto(server.url + path)
        assert answer is not None
        assert answer.ok, name
        found[name] = violations(operated)
        operated.set_viewport_size({"width": 390, "height": 780})
        wide[name] = operated.evaluate("document.documentElement.scrollWidth")
    operated.set_viewport_size({"width": 1280, "height": 860})
    assert {name: named for name, named in found.items() if named} == {}
    assert {name: width for name, width in wide.items() if width > 390} == {}
    assert errors == []


def test_several_are_selected_by_keyboard_asked_and_taken_back(
    operated: Page, server: Served
) -> None:
    page = operated
    page.goto(f"{server.url}/fleet?q=tag:lobby")
    page.wait_for_selector(CONNECTED)
    bar = page.get_by_role("form", name="Selected terminals")
    expect(bar).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar.get_by_role("status")).to_have_text("Selected: 1")
    rows = page.locator("[data-picks]")
    rows.nth(0).focus()
    rows.nth(3).click(modifiers=["Shift"])
    expect(bar.get_by_role("status")).to_have_text("Selected: 4")
    rows.nth(1).press("Space")
    expect(bar.get_by_role("status")).to_have_text("Selected: 3")
    page.evaluate("document.getElementById('news').dispatchEvent(new Event('refresh'))")
    page.wait_for_function("document.querySelectorAll('[data-picks]:checked').length === 3")
    page.get_by_label("Select all that are shown").check()
    expect(bar.get_by_role("status")).to_have_text("Selected: 4")
    assert violations(page) == []
    bar.get_by_label("What they shall do").select_option("restart")
    bar.get_by_role("button", name="Go on").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Start the program anew: 4 terminals")
    assert violations(page) == []
    page.get_by_role("button", name="Yes: Start the program anew (4)").press("Enter")
    page.get_by_role("button", name="Take back what has not begun (4)").press("Enter")
    expect(page.get_by_role("status")).to_have_text("taken back 4")


def test_hours_are_added_and_terminals_counted_while_they_are_chosen(
    operated: Page, server: Served
) -> None:
    page = operated
    page.goto(f"{server.url}/fleet/hours")
    south = page.locator("section", has_text="South")
    south.get_by_role("button", name="Add hours").click()
    south.get_by_label("Sat").check()
    south.get_by_role("button", name="Add hours").click()
    expect(south.get_by_label("From")).to_have_count(2)
    expect(south.get_by_label("Sat").first).to_be_checked()
    south.get_by_role("button", name="Remove these hours").last.click()
    south.get_by_role("button", name="Save").last.click()
    expect(south.get_by_text("22:00–05:00")).to_be_visible()
    page.goto(f"{server.url}/fleet/rollouts/new")
    page.get_by_label("North 7 terminals").check()
    expect(page.get_by_text("These are 7 terminals.")).to_be_visible()
    page.get_by_label("lobby").check()
    expect(page.get_by_text("These are 2 terminals.")).to_be_visible()


def test_how_one_hears_of_alerts_is_chosen_on_their_page(operated: Page, server: Served) -> None:
    page = operated
    page.goto(f"{server.url}/fleet/alerts")
    page.get_by_text("How I hear of them").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert violations(page) == []
    page.get_by_label("By e-mail").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("How I hear of them").click()
    expect(page.get_by_label("By e-mail")).to_be_checked()
