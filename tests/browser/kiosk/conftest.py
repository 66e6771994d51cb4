"""Chromium, and a terminal's screen in it at each size of panel."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import launched
from tests.browser.kiosk.patient import Patient
from tests.edge.screen.terminal import ScreenTerminal

ARTEFACTS = Path(__file__).parents[3] / "artefacts" / "kiosk"

PANELS: dict[str, dict[str, Any]] = {
    "1280x800": {"width_px": 1280, "height_px": 800},
    "1920x1080": {"width_px": 1920, "height_px": 1080, "width_mm": 344.2, "height_mm": 193.6},
    "1080x1920": {"width_px": 1080, "height_px": 1920, "width_mm": 193.6, "height_mm": 344.2},
    "800x480": {"width_px": 800, "height_px": 480},
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def open_page(chromium: Browser, terminal: ScreenTerminal, panel: dict[str, Any]) -> Page:
    context = chromium.new_context(
        viewport={"width": panel["width_px"], "height": panel["height_px"]}, has_touch=True
    )
    page = context.new_page()
    page.goto(terminal.url)
    page.wait_for_selector("#title")
    page.evaluate("document.fonts.ready")
    return page


@pytest.fixture(params=PANELS)
def patient(request, chromium, tmp_path) -> Iterator[Patient]:
    """Somebody in front of the screen, at every size."""
    yield from _patient(request, chromium, tmp_path, request.param)


@pytest.fixture
def usual_patient(request, chromium, tmp_path) -> Iterator[Patient]:
    """Somebody in front of the commonest panel."""
    yield from _patient(request, chromium, tmp_path, "1280x800")


def _patient(request, chromium, tmp_path, name) -> Iterator[Patient]:
    callspec = getattr(request.node, "callspec", None)
    screen = callspec.params.get("screen", {}) if callspec else {}
    if screen.get("mode") == "smileys5" and PANELS[name]["height_px"] == 480:
        screen = {"mode": "smileys4"}  # five do not fit there, which the settings say
    with ScreenTerminal(tmp_path, **PANELS[name], **screen) as terminal:
        page = open_page(chromium, terminal, PANELS[name])
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        where = ARTEFACTS / re.sub(r"[^a-z0-9]+", "-", f"{name}-{request.node.originalname}")
        yield Patient(terminal, page, where)
        page.context.close()
        lost = "WebSocket connection to"  # what Chromium itself says when the agent goes away
        assert [fault for fault in faults if lost not in fault] == []
