"""From the glass to the dashboard and back: a real hub, broker, agent and two browsers, and nothing pretended.

A clinic chooses its words, a patient complains with a telephone, the staff see it; the hub goes away and comes back.
"""

import re
import time
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from hub.core.broker.listening import free_port
from tests.fakes.waiting import eventually
from tests.system.clinic import FACILITY, Api, Clinic

PHONE = "612345678"
WORDS = "corrientes"
ROOM, DOCTOR = "room-12", "Dr Irina Orlova"
ASKED = "¿La recomendaría a su familia?"
HOUR_MS = 3_600_000
GLASS = {"width": 1280, "height": 800}
REMEMBER_PHASES = """() => {
  window.phases = [];
  const screen = document.getElementById("screen");
  const changes = new MutationObserver(() => phases.push(screen.className));
  changes.observe(screen, {attributeFilter: ["class"]});
}"""


class House:
    """A clinic with a doctor on duty, a terminal's screen, and somebody at each browser."""

    def __init__(self, clinic: Clinic, browser: Browser) -> None:
        self.clinic = clinic
        self.port = free_port()
        self._furnish(clinic.hub.api())
        self._give_screen()
        clinic.terminal.start()
        clinic.terminal.await_up()
        self.staff = self._signed_in(browser)
        self.glass = browser.new_context(viewport=GLASS, has_touch=True).new_page()
        self.glass.set_default_timeout(30_000)
        self.glass.goto(f"http://127.0.0.1:{self.port}/")
        self.glass.evaluate(REMEMBER_PHASES)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.clinic.hub.port}"

    def answers(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.clinic.hub.api().get("answers")
        return found

    def touch_doctor(self) -> None:
        self.glass.locator(".person", has_text=DOCTOR).click()
        self.glass.wait_for_selector("#screen.question_1")

    def asked(self) -> str:
        """What a patient is asked who touches the doctor, and then leaves."""
        self.touch_doctor()
        said = self.glass.locator("#title").inner_text()
        self.glass.locator(".tool.leave").click()
        self.glass.wait_for_selector("#screen.waiting")
        return said

    def answer(self, number: int, then: str) -> None:
        """As often as it takes: new answers are not heard for half a second, and thanks are soon over."""
        self.glass.evaluate("() => { phases = []; }")

        def touched() -> bool:
            if then in " ".join(self.glass.evaluate("() => phases")).split():
                return True
            with suppress(PlaywrightTimeoutError):
                self.glass.locator(".answer").nth(number).click(timeout=2_000)
            return False

        eventually(touched)

    def type(self, text: str) -> None:
        for key in text:
            self.glass.locator(f'#keys [data-skbtn="{key}"]').click()

    def go_on(self, then: str) -> None:
        self.glass.locator('#keys [data-skbtn="{next}"]').click()
        self.glass.wait_for_selector(f"#screen.{then}")

    def everything_written(self) -> bytes:
        """Every byte that hub and terminal keep or log."""
        return b"".join(p.read_bytes() for p in self.clinic.folder.rglob("*") if p.is_file())

    def _furnish(self, api: Api) -> None:
        now_ms = int(time.time() * 1000)
        api.post("touchpoints", {"id": ROOM, "facility": FACILITY, "name": "Room 12"})
        api.post("employees", {"id": "irina", "facility": FACILITY, "name": DOCTOR})
        hours = {"starts_ms": now_ms - HOUR_MS, "ends_ms": now_ms + HOUR_MS}
        api.post("shifts", {"touchpoint": ROOM, "employee": "irina", **hours})

    def _give_screen(self) -> None:
        path = self.clinic.terminal.folder / "terminal.toml"
        settings = tomllib.loads(path.read_text())
        settings["screen"] = {"touchpoints": [ROOM], "port": self.port}
        path.write_text(tomli_w.dumps(settings))

    def _signed_in(self, browser: Browser) -> Page:
        page = browser.new_context(locale="en-GB").new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{self.url}/login")
        for field, text in self.clinic.hub.login.items():
            page.fill(f"#{field}", text)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{self.url}/")
        return page


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("clinic")
    with Clinic(folder, switched_on=False) as clinic:
        yield House(clinic, chromium)


def test_the_clinics_words_are_on_the_glass_at_once(house: House) -> None:
    staff = house.staff
    staff.goto(f"{house.url}/surveys/{FACILITY}/express")
    staff.fill('[name="es.question.recommend"]', ASKED)
    expect(staff.locator('[data-shows="es.question.recommend"]')).to_have_text(ASKED)
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_role("status").filter(has_text="is changed")).to_be_visible()
    staff.get_by_label("What Room 12 asks").select_option("express")
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_role("status").filter(has_text="asks something else")).to_be_visible()
    house.glass.locator(".person", has_text=DOCTOR).wait_for()
    eventually(lambda: house.asked() == ASKED)


def test_a_complaint_with_a_telephone_is_on_the_dashboard_and_its_digits_nowhere(
    house: House,
) -> None:
    house.staff.goto(house.url)
    house.touch_doctor()
    house.answer(1, "question_2")
    house.answer(0, "contact")
    house.type(PHONE)
    house.go_on("step-comment")
    house.type(WORDS)
    house.go_on("step-consent")
    house.answer(0, "thanks")
    expect(house.staff.locator("main")).to_contain_text(DOCTOR, timeout=20_000)
    eventually(lambda: len(house.answers()) == 2)
    by_question = {one["question"]: one for one in house.answers()}
    complaint = by_question["recommend"]
    assert (complaint["value"], complaint["employee"]) == ("no", "irina")
    assert by_question["may_we_call"]["value"] == "yes"
    house.clinic.await_settled(30)
    pages = house.staff.content() + house.glass.content()
    for secret in (PHONE, f"34{PHONE}", "345 678", "12 34 56"):
        assert secret not in re.sub(r"data:[^\"']+", "", pages)
    written = house.everything_written()
    assert PHONE.encode() not in written
    assert WORDS.encode() not in written


def test_while_the_hub_is_away_patients_are_thanked_and_nothing_is_lost(house: House) -> None:
    before = len(house.answers())
    house.glass.wait_for_selector("#screen.waiting")
    asked = house.asked()
    house.clinic.hub.process.kill()
    assert house.asked() == asked
    house.touch_doctor()
    house.answer(0, "thanks")
    house.clinic.hub.start()
    house.clinic.hub.await_ready()
    house.clinic.await_settled(60)
    assert len(house.answers()) == before + 1
