"""Charts in a real browser: drawn, read by keyboard, light and dark, on a telephone, and while the hub is away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from contract.messages import Asked, SmilesCounted
from hub.core.arrivals import Delivery
from hub.core.db import Database
from hub.core.logs import configure_logs
from hub.core.unit_of_work import Listeners, Workplace
from hub.feedback import served as bases
from hub.feedback.served_schemas import NewServed
from tests.browser.accessibility import violations
from tests.browser.test_live_page import sign_in
from tests.browser.test_staff_pages import (
    DATA,
    SETTLED,
    UNTRANSLATED,
    PseudoClinic,
)
from tests.fakes.clock import RunningClock
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import PASSWORD, WHOLE, Clinic
from tests.hub.schema import put_schema
from tests.hub.serving import Served, served
from tests.hub.terminal import Terminal

SCORE = Asked(survey="visit", question="nps")
DAY_MS = 24 * 3600 * 1000
WEEKS = 13
BAD_WEEK = 4
PATHS = (
    "/trends?period=quarter", "/heat?period=quarter", "/heat?period=quarter&show=unhappy",
    "/heat?period=quarter&show=nps", "/people?period=quarter", "/figures/attraction?period=quarter",
    "/presence?period=quarter", "/figures/response-rate?period=quarter",
)  # fmt: skip
SEEN = {"seconds": 8 * 3600, "approaches": 3, "looked": 2, "dwell_ms": 30_000, "looked_ms": 12_000}
"""So few of those served that the terminals go unnoticed."""
OPAQUE = """() => [...document.querySelectorAll(".tile")].every(
    (tile) => getComputedStyle(tile).opacity === "1"
)"""
"""Tiles are pale until the page is connected."""
EMPTY = "first=2001-01-01&last=2001-03-01"


def smiles(terminal: Terminal) -> list[Delivery]:
    return [
        terminal.deliver(
            SmilesCounted, seconds=3000, service=service, people=24, smiling=9, confidence=0.8
        )
        for service in ("before", "after")
    ]


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A quarter of weeks much alike, one of them bad; all answers of a week come within one hour."""
    configure_logs()
    path = tmp_path_factory.mktemp("charts") / "hub.db"
    put_schema(path)
    database, listeners, clock = Database(f"sqlite:///{path}"), Listeners(), RunningClock()
    clinic = Clinic(Workplace(database, listeners, clock, ReversingVault()), listeners, clock)
    terminal = Terminal(clock)  # type: ignore[arg-type]
    today = datetime.fromtimestamp(clock.now_ms() / 1000, UTC).date()
    for back in range(WEEKS):
        terminal.reboot(100 + back)
        terminal.wall_off_ms = -7 * back * DAY_MS
        happy = 2 if back == BAD_WEEK else 10 + back % 3
        scores = [9] * happy + [3] * (14 - happy)
        clinic.inbox.store([terminal.answer(asked=SCORE, value=score) for score in scores])
        said = ["yes"] * 9 + ["no"] * 2
        clinic.inbox.store([terminal.press(value=value) for value in said])
        clinic.inbox.store([terminal.presence(**SEEN), *smiles(terminal)])
    with clinic.workplace.begin() as work:
        days = [today - timedelta(days=7 * back) for back in range(WEEKS)]
        told = [NewServed(facility="north", day=day, count=60) for day in days]
        mine = [
            NewServed(facility="north", day=day, count=40, employee="anna-north") for day in days
        ]
        bases.enter(work, WHOLE, told + mine, "maria")
    yield clinic
    database.close()


@pytest.fixture(scope="module")
def server(heard: Clinic) -> Iterator[Served]:
    with served(heard) as running:
        yield running


def are_drawn(page: Page, count: int) -> bool:
    """Whether this is how many charts there are, and each has ink by its pixels."""
    expect(page.locator("[data-chart][data-drawn]")).to_have_count(count)
    inked: int = page.evaluate(
        """() => [...document.querySelectorAll("[data-chart] canvas")].filter((canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return data.some((value) => value > 0);
        }).length"""
    )
    return inked == count


def ink(page: Page, chart: str) -> set[tuple[int, ...]]:
    """The colours that a chart is drawn in."""
    found = page.evaluate(
        """(chart) => {
            const canvas = document.querySelector(`[data-chart="${chart}"] canvas`);
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const seen = new Set();
            for (let at = 0; at < data.length; at += 4) {
                if (data[at + 3] === 255) seen.add([...data.slice(at, at + 3)].join());
            }
            return [...seen];
        }""",
        chart,
    )
    return {tuple(map(int, colour.split(","))) for colour in found}


BLUE, SKY, VERMILLION, ORANGE = (0, 114, 178), (86, 180, 233), (213, 94, 0), (230, 159, 0)


def test_a_chart_is_drawn_told_read_by_keyboard_and_follows_the_theme(
    page: Page, server: Served
) -> None:
    sign_in(page, server, path="/trends?period=quarter")
    assert are_drawn(page, 3)
    chart = page.locator("#nps-visit-nps")
    expect(chart.locator(".chart-summary")).to_contain_text("1 point stands out")
    expect(chart.locator(".chart-summary")).to_contain_text("outside the limits")
    assert {BLUE, VERMILLION} <= ink(page, "nps-visit-nps")
    place = chart.get_by_role("group", name="NPS").first
    place.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#nps-visit-nps-said")).to_contain_text("14 answers")
    expect(page.locator(".chart-tip").filter(has_text="14 answers")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector('html[data-bs-theme="dark"]')
    assert are_drawn(page, 3)
    assert {SKY, ORANGE} <= ink(page, "nps-visit-nps")
    assert not {BLUE, VERMILLION} & ink(page, "nps-visit-nps")


def test_every_figure_can_be_followed_to_its_answers(page: Page, server: Served) -> None:
    sign_in(page, server, path="/people?period=quarter")
    row = page.locator(".people tbody tr").filter(has_text="Anna North")
    expect(row).to_contain_text("143 / 520")
    row.get_by_role("link", name="Anna North").click()
    expect(page.get_by_role("heading", name="Attraction index", level=1)).to_be_visible()
    expect(page.locator(".sum")).to_contain_text("(117 yes − 26 no) ÷ 520 clients served = +17.5")
    assert are_drawn(page, 1)
    scale = page.get_by_role("button", name="Whole scale")
    scale.click()
    expect(scale).to_have_attribute("aria-pressed", "true")
    page.get_by_text("Show as a table").click()
    expect(page.locator(".chart-table tbody tr")).to_have_count(WEEKS)
    page.get_by_role("link", name="Look at the single answers").click()
    expect(page.locator("#answer-rows > li").first).to_contain_text("Anna North")


def test_filters_keep_what_was_chosen_beside_them(page: Page, server: Served) -> None:
    sign_in(page, server, path="/trends?period=quarter")
    page.get_by_label("Step").select_option("month")
    page.wait_for_url("**/trends?*step=month*")
    page.get_by_label("Employee").select_option("anna-north")
    page.wait_for_url("**/trends?*employee=anna-north*")
    expect(page.get_by_label("Step")).to_have_value("month")
    page.get_by_role("link", name="30 days").click()
    expect(page.get_by_label("Step")).to_have_value("month")
    page.get_by_role("link", name="Hours of the week").click()
    expect(page.get_by_label("Employee")).to_have_value("anna-north")


def test_a_page_renews_itself_and_says_when_the_hub_is_away(page: Page, heard: Clinic) -> None:
    lost = page.get_by_text("The connection to the hub is interrupted.")
    with served(heard) as server:
        sign_in(page, server, path="/heat")
        expect(page.locator("#charts")).to_contain_text("answers in all")
        expect(lost).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(lost).to_be_visible()
    heard.press(90_001, value="positive")
    counted = page.locator("#charts .chart-summary").inner_text()
    with served(heard, server.port):
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(lost).to_be_hidden()
        expect(page.locator("#charts .chart-summary")).not_to_have_text(counted)


def test_axe_finds_nothing_and_nothing_is_wider_than_its_screen(
    browser: Browser, server: Served
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    sign_in(page, server, path=PATHS[0])
    found: dict[str, list[str]] = {}
    for path in (*PATHS, f"/trends?{EMPTY}", f"/people?{EMPTY}"):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(server.url + path)
        page.wait_for_selector("#charts")
        page.locator("#charts details").first.evaluate_all(
            "(ones) => { for (const one of ones) one.open = true; }"
        )
        found[path] = violations(page)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert {path: names for path, names in found.items() if names} == {}
    assert refused == []
    context.close()


def test_the_longest_translation_fits_a_telephone_and_nothing_is_untranslated(
    browser: Browser, heard: Clinic
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    with served(PseudoClinic(heard)) as server:  # type: ignore[arg-type]
        page.goto(f"{server.url}/login?next=/heat")
        page.fill("#name", "administrator")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#charts")
        for path in PATHS:
            page.goto(server.url + path)
            page.wait_for_selector("#charts")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
            bare = [text for text in page.evaluate(UNTRANSLATED) if not DATA.search(text)]
            assert bare == [], path
    context.close()


def test_people_near_are_counted_live_and_shown_in_both_themes(page: Page, heard: Clinic) -> None:
    near, noticed = page.locator("#tile-near .figure"), page.locator("#tile-noticed")
    with served(heard) as server:
        sign_in(page, server, path="/?period=quarter")
        page.wait_for_selector(SETTLED)
        expect(near).to_contain_text("3")
        expect(noticed).to_contain_text("North: the terminals are not noticed")
        page.wait_for_selector("html[data-connected=yes]")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_selector(f'html[data-bs-theme="{scheme}"]')
            page.wait_for_function(OPAQUE)
            page.wait_for_function("() => document.getAnimations().length === 0")
            assert violations(page) == []
        terminal = Terminal(heard.clock, epoch=2)  # type: ignore[arg-type]
        heard.inbox.store([terminal.presence(approaches=37)])
        page.wait_for_selector("#tile-near >> text=40")
        noticed.get_by_role("link").first.click()
        expect(page.get_by_role("heading", name="Near the terminals", level=1)).to_be_visible()
        assert are_drawn(page, 1)
        page.locator("table.nearby td a").first.click()
        expect(page.get_by_role("heading", name="By hour")).to_be_visible()
