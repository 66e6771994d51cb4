"""A clinic's own words, as long as they may be, have room at every size of panel."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser

from contract.receipts import receipt_code
from contract.surveys import SURVEYS, wording_keys
from contract.wording import LONGEST
from tests.browser.kiosk.conftest import ARTEFACTS, PANELS, open_page
from tests.browser.kiosk.patient import Patient
from tests.edge.screen.terminal import TOUCHPOINT, ScreenTerminal, configuration

RECEIPTS = "https://clinic.example/receipt"
SENTENCE = "Рекомендовали бы Вы нашего замечательного специалиста своим близким и друзьям или нет, почему? "


def longest(key: str) -> str:
    return (
        SENTENCE[: LONGEST[key.partition(".")[0]]]
        .rstrip()
        .ljust(LONGEST[key.partition(".")[0]], "?")
    )


@pytest.fixture(params=PANELS)
def patient(request, chromium: Browser, tmp_path) -> Iterator[Patient]:
    panel = PANELS[request.param]
    survey = {
        "survey": SURVEYS["express"].code,
        "version": 2,
        "mode": "express",
        "touchpoints": [TOUCHPOINT],
        "texts": {"ru": {key: longest(key) for key in wording_keys("express")}},
        "consent": "express-2",
    }
    desired = configuration(languages=["ru"], surveys=[survey], receipts=RECEIPTS)
    with ScreenTerminal(tmp_path, desired, **panel) as terminal:
        page = open_page(chromium, terminal, panel)
        yield Patient(terminal, page, ARTEFACTS / f"{request.param}-own-words")
        page.context.close()


def test_the_longest_words_have_room(patient: Patient) -> None:
    patient.to_question()
    assert patient.text() == longest("question.recommend")
    patient.look("question")
    patient.answer(1, "question_2")
    patient.look("offer")
    patient.answer(0, "contact")
    patient.to_consent()
    patient.look("consent")
    patient.answer(0, "thanks")
    assert patient.text() == longest("thanks.contact")
    patient.look("thanks")
    assert_scanned(patient)


def assert_scanned(patient: Patient) -> None:
    """A telephone reads the code from the glass, and is led to this complaint's receipt; small glass shows none."""
    shown = patient.page.locator(".qr")
    if patient.terminal.view["glass"]["small"]:
        assert shown.count() == 0
        return
    code = cv2.imdecode(np.frombuffer(shown.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    # OpenCV finds no codes in a picture of much else as reliably as a telephone that is held before this one.
    near = cv2.copyMakeBorder(code, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(255.0,))
    nearer = [cv2.resize(near, None, fx=by, fy=by) for by in (1.5, 2, 2.5, 3)]
    eyes = cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()
    read = {eye.detectAndDecode(one)[0] for eye in eyes for one in (code, near, *nearer)}
    assert f"{RECEIPTS}#{receipt_code(patient.terminal.said()[-1]['visit'])}" in read
