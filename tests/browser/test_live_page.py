"""What staff see in a real browser: signing in, an answer that appears by itself, a connection that heals."""

import re

from playwright.sync_api import Page, expect

from tests.hub.clinic import PASSWORD, SOUTH, Clinic
from tests.hub.serving import Served, served

CONNECTED = "html[data-connected=yes]"
INTERRUPTED = "html[data-connected=no]"


def sign_in(page: Page, server: Served, name: str = "administrator", path: str = "/") -> None:
    page.goto(server.url + path)
    page.get_by_label("Name or e-mail address").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def rows(page: Page) -> list[str | None]:
    keys: list[str | None] = page.locator("#answer-rows > li").evaluate_all(
        "rows => rows.map(row => row.dataset.key)"
    )
    return keys


def keys(*sequences: int) -> list[str]:
    return [f"desk-1/1/{sequence}" for sequence in sequences]


def test_a_wrong_password_is_told_and_the_right_one_leads_on(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        page.goto(f"{server.url}/dead-letters")
        page.get_by_label("Name or e-mail address").fill("administrator")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("do not belong together")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Dead letters", level=1)).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        page.goto(server.url)
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_answer_appears_by_itself(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        sign_in(page, server)
        expect(page.get_by_text("No answers yet.")).to_be_visible()
        page.wait_for_selector(CONNECTED)
        clinic.press(1, value="negative")
        row = page.locator("#answer-rows > li")
        expect(row).to_contain_text("Negative")
        expect(row).to_contain_text("Reception North")
        expect(row).to_contain_text("Anna North")
        expect(row).to_contain_text(re.compile(r"\d seconds? ago"))
        expect(page.get_by_text("No answers yet.")).to_be_hidden()
        page.wait_for_selector("#tiles >> text=1 message stored, none is missing.")
        page.reload()
        assert rows(page) == keys(1)


def test_gaps_and_terminals_are_shown_as_they_change(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        sign_in(page, server)
        page.wait_for_selector(CONNECTED)
        page.wait_for_selector("#tile-terminals >> text=0 of 2")
        clinic.come_online(highest=3, pending=3)
        page.wait_for_selector('.device:has-text("Terminal North") >> text=3 waiting on it')
        page.wait_for_selector("#tile-ledger >> text=3 on the way")
        clinic.press(1, 2, 3)
        page.wait_for_selector("#tiles >> text=3 messages stored, none is missing.")


def test_a_lost_connection_is_said_and_heals_without_a_gap(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        sign_in(page, server)
        page.wait_for_selector(CONNECTED)
        clinic.press(1)
        page.wait_for_selector('[data-key="desk-1/1/1"]')
    page.wait_for_selector(INTERRUPTED)
    notice = page.get_by_text("The connection to the hub is interrupted.")
    expect(notice).to_be_visible()
    clinic.press(2, 3)
    with served(clinic, server.port):
        page.wait_for_selector(CONNECTED)
        expect(notice).to_be_hidden()
        clinic.press(4)
        page.wait_for_selector('[data-key="desk-1/1/4"]')
        assert rows(page) == keys(4, 3, 2, 1)


def test_a_storm_ends_with_the_newest_answers(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        sign_in(page, server)
        page.wait_for_selector(CONNECTED)
        for start in range(1, 1201, 300):
            clinic.press(*range(start, start + 300))
        page.wait_for_selector('[data-key="desk-1/1/1200"]')
        page.wait_for_selector("#tiles >> text=1,200 messages stored, none is missing.")


def test_an_ended_session_leads_to_the_sign_in(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        sign_in(page, server)
        page.wait_for_selector(CONNECTED)
        page.context.clear_cookies()
    with served(clinic, server.port):
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_staff_of_one_facility_are_shown_their_own(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        sign_in(page, server, "north-viewer")
        page.wait_for_selector(CONNECTED)
        clinic.press(1, at=SOUTH)
        clinic.press(1)
        page.wait_for_selector('[data-key="desk-1/1/1"]')
        assert rows(page) == keys(1)
        expect(page.locator("body")).not_to_contain_text("South")


def test_nothing_is_wider_than_a_telephone(page: Page, clinic: Clinic) -> None:
    clinic.press(1, 2, 9)
    clinic.come_online(highest=12, pending=2)
    clinic.garble(b"x" * 300)
    page.set_viewport_size({"width": 360, "height": 740})
    with served(clinic) as server:
        sign_in(page, server)
        for path in ("/", "/dead-letters", "/none"):
            page.goto(server.url + path)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 360, path


def test_lists_go_by_keyboard_and_the_range_of_days_closes(page: Page, clinic: Clinic) -> None:
    clinic.press(1, 2)
    with served(clinic) as server:
        sign_in(page, server)
        page.wait_for_selector("body:not(:has(.awaited))")
        focused = "document.activeElement.closest('[data-row]')?.dataset.key"
        for key, expected in (("j", 2), ("j", 1), ("k", 2)):
            page.keyboard.press(key)
            assert [page.evaluate(focused)] == keys(expected)
        page.keyboard.press("Enter")
        expect(page.locator('[data-key="desk-1/1/2"] details')).to_have_attribute("open", "")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "touchpoint"
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("?")
        expect(page.get_by_role("heading", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("heading", name="Keys")).to_be_hidden()
        page.get_by_text("Other days").click()
        page.get_by_label("From").fill("2020-01-01")
        page.keyboard.press("Escape")
        expect(page.get_by_label("From")).to_be_hidden()


def test_a_tile_that_cannot_be_read_says_so_and_is_tried_again(page: Page, clinic: Clinic) -> None:
    with served(clinic) as server:
        page.route("**/tiles/nps**", lambda route: route.abort())
        sign_in(page, server)
        expect(page.locator("#tile-nps .unread")).to_be_visible()
        page.unroute("**/tiles/nps**")
        page.wait_for_selector("#tile-nps >> text=Not asked")
