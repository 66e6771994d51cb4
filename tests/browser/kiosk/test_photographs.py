"""The notice that a photograph is taken, and the way to say no, at every size of panel that has room for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from contract.documents import PhotographConfiguration
from contract.photographs import Policy
from edge.outbox import OnceStored
from tests.browser.kiosk.conftest import ARTEFACTS, PANELS, open_page
from tests.browser.kiosk.patient import Patient
from tests.browser.kiosk.test_phases import KEY_MM, in_both, large_enough
from tests.edge.screen.terminal import ScreenTerminal, configuration

ROOMY = [name for name, panel in PANELS.items() if panel["height_px"] > 480]


class Camera:
    """Remembers what patients had been told of when they answered."""

    def __init__(self) -> None:
        self.told: list[Policy] = []

    def press(self, told: Policy) -> OnceStored | None:
        self.told.append(told)
        return None


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture(params=ROOMY)
def photographed(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path, camera: Camera
) -> Iterator[Patient]:
    """Somebody in front of a screen whose facility photographs in full."""
    panel = PANELS[request.param]
    wish = PhotographConfiguration(policy="full", key="0a" * 32)
    desired = configuration(photographs=wish)
    with ScreenTerminal(tmp_path, desired, shutter=camera, **panel) as terminal:
        page = open_page(chromium, terminal, panel)
        yield Patient(terminal, page, ARTEFACTS / f"{request.param}-photographs")
        page.context.close()


def test_patients_are_told_can_say_no_and_answer_all_the_same(
    photographed: Patient, camera: Camera
) -> None:
    notice, button = photographed.page.locator("#photograph p"), "#photograph button"
    in_both(photographed, "es ru", "waiting", shown="#photograph")
    large_enough(photographed, button, KEY_MM)
    large_enough(photographed, ".person", KEY_MM)
    photographed.speak("en")
    photographed.page.locator(button).click()
    notice.get_by_text("No photo is taken").wait_for()
    photographed.to_question()
    in_both(photographed, "ca en", "declined", shown="#photograph")
    photographed.answer(0, "thanks")
    assert photographed.page.locator("#photograph").count() == 0
    photographed.terminal.pass_time(5)
    photographed.until_waiting()
    photographed.to_question()
    notice.get_by_text("Le hacemos una foto").wait_for()
    photographed.answer(0, "thanks")
    assert camera.told == [Policy.OFF, Policy.FULL]
    assert [value for _, value in photographed.terminal.answers()] == ["yes", "yes"]
