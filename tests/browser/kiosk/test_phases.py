"""Every phase at every size of panel, in pixels and millimetres, on a virtual clock, in two languages each."""

import pytest

from tests.browser.kiosk.patient import Patient

ANSWER_MM = 30
KEY_MM = 20
X_HEIGHT_MM = 6
FRAME_PX = 4


def large_enough(patient: Patient, selector: str, least_mm: float) -> None:
    boxes = patient.boxes(selector)
    assert boxes
    for box in boxes:
        assert min(box["width"], box["height"]) >= least_mm * patient.mm - 0.5, (selector, box)


def legible(patient: Patient) -> None:
    assert patient.small_letters_mm() >= X_HEIGHT_MM - 0.02


@pytest.mark.parametrize("language", ["es", "ru"])
def test_waiting(patient, language):
    patient.speak(language)
    invitation, height = patient.box("#lower"), patient.size["height"]
    assert 0.30 <= invitation["height"] / height <= 0.36
    assert invitation["bottom"] == pytest.approx(height, abs=1)
    assert all(box["bottom"] <= invitation["y"] + 1 for box in patient.boxes(".person"))
    large_enough(patient, ".person", KEY_MM)
    large_enough(patient, ".tool", KEY_MM)
    legible(patient)
    patient.look(language)
    assert patient.faults() == []


@pytest.mark.parametrize("language", ["ca", "en"])
def test_selected(patient, language):
    patient.speak(language)
    patient.choose()
    frame = patient.page.locator(".chosen").evaluate("(e) => getComputedStyle(e).boxShadow")
    assert float(frame.split(")")[1].split()[3].removesuffix("px")) >= FRAME_PX
    assert patient.page.locator(".chosen .tick").is_visible(), "not by colour alone"
    assert patient.page.locator(".answer").count() == 0
    legible(patient)
    patient.look(language)
    assert patient.faults() == []
    patient.terminal.pass_time(0.8)
    patient.see("question_1")


@pytest.mark.parametrize("language", ["ru", "ca"])
def test_first_question(patient, language):
    patient.speak(language)
    patient.to_question()
    large_enough(patient, ".answer", ANSWER_MM)
    assert min(box["y"] for box in patient.boxes(".answer")) > patient.size["height"] * 0.4
    legible(patient)
    patient.look(language)
    assert patient.faults() == []
    patient.terminal.pass_time(21)
    patient.until_waiting()
    assert patient.terminal.answers() == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_second_question(patient, language):
    patient.speak(language)
    patient.to_question()
    patient.answer(1, "question_2")
    assert patient.terminal.answers() == [("recommend", "no")]
    large_enough(patient, ".answer", ANSWER_MM)
    legible(patient)
    patient.look(language)
    assert patient.faults() == []
    patient.terminal.pass_time(13)
    patient.page.wait_for_selector("#warning:not([hidden])")
    patient.look(f"{language}-warning")
    patient.page.locator("#warning").click()
    patient.terminal.pass_time(19)
    assert patient.terminal.view["phase"] == "question_2"
    patient.terminal.pass_time(2)
    patient.until_waiting()


@pytest.mark.parametrize("language", ["es", "ru"])
def test_number(patient, language):
    patient.speak(language)
    patient.to_form()
    large_enough(patient, "#keys .hg-button", KEY_MM)
    legible(patient)
    patient.type("12")
    patient.key("{next}")
    patient.page.wait_for_selector("#trouble:not([hidden])")
    patient.look(f"{language}-refused")
    assert patient.faults() == []
    patient.key("{bksp}")
    patient.key("{bksp}")
    patient.type("612345678")
    assert patient.page.locator("#field").input_value() == "612345678"
    patient.key("{next}")
    patient.see("step-comment")


@pytest.mark.parametrize("language", ["ca", "ru"])
def test_comment(patient, language):
    patient.speak(language)
    patient.to_form()
    patient.type("612345678")
    patient.key("{next}")
    patient.see("step-comment")
    pages = len(patient.terminal.view["form"]["pages"])
    for page in range(pages):
        patient.page.wait_for_selector(f".hg-layout-page{page}")
        large_enough(patient, "#keys .hg-button", KEY_MM)
        legible(patient)
        patient.look(f"{language}-{page}")
        patient.key("{page}")
    assert patient.faults() == []
    patient.terminal.pass_time(45)
    patient.page.wait_for_selector("#warning:not([hidden])")
    large_enough(patient, "#warning", KEY_MM)
    patient.look(f"{language}-warning")
    assert patient.faults() == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_consent_and_thanks(patient, language):
    patient.speak(language)
    patient.to_form()
    patient.to_consent()
    large_enough(patient, ".answer", ANSWER_MM)
    legible(patient)
    patient.look(f"{language}-consent")
    assert patient.faults() == []
    patient.answer(0, "thanks")
    legible(patient)
    patient.look(f"{language}-thanks")
    assert patient.faults() == []
    assert patient.terminal.said()[-1]["phone"] == "+34612345678"
    patient.terminal.pass_time(4)
    patient.until_waiting()


@pytest.mark.parametrize("language", ["es", "ru"])
@pytest.mark.parametrize(
    "screen", [{"mode": "smileys4"}, {"mode": "smileys5"}, {"mode": "nps"}], ids=lambda s: s["mode"]
)
def test_other_surveys(patient, screen, language):
    patient.speak(language)
    patient.to_question()
    small = patient.terminal.view["glass"]["small"]
    crowded = screen["mode"] == "nps" and small  # eleven answers of 30 mm have no room on 7 inches
    large_enough(patient, ".answer", KEY_MM if crowded else ANSWER_MM)
    legible(patient)
    patient.look(f"{screen['mode']}-{language}")
    assert patient.faults() == []
    last = patient.page.locator(".answer").count() - 1
    patient.answer(0 if screen["mode"] == "nps" else last, "question_2")


@pytest.mark.parametrize("language", ["es", "ru"])
def test_high_contrast(patient, language):
    patient.speak(language)
    patient.page.locator(".tool.contrast").click()
    patient.page.wait_for_selector("#screen.stark")
    patient.look(f"{language}-waiting")
    assert patient.faults() == []
    patient.to_question()
    patient.look(f"{language}-question")
    assert patient.faults() == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_everything_within_low_reach(patient, language):
    patient.speak(language)
    lower = patient.page.locator(".tool.low_reach")
    if patient.terminal.view["glass"]["small"]:
        assert lower.count() == 0, "a small panel is within reach as it is"
        return
    lower.click()
    patient.page.wait_for_selector("#screen.low")
    middle = patient.size["height"] / 2 - 3

    def reachable(name: str) -> None:
        patient.look(f"{language}-{name}")
        targets = patient.boxes("#screen button, #screen input")
        assert all(box["y"] >= middle for box in targets if box["y"] > 0) or name == "form"
        legible(patient)
        assert patient.faults() == []

    reachable("waiting")
    patient.to_question("Emma Clark")
    reachable("question")
    large_enough(patient, ".answer", ANSWER_MM)
    patient.answer(1, "question_2")
    patient.answer(0, "contact")
    patient.see("step-number")
    patient.look(f"{language}-number")
    assert min(box["y"] for box in patient.boxes("#keys .hg-button")) >= middle
    large_enough(patient, "#keys .hg-button", KEY_MM)
    patient.type("612345678")
    patient.key("{next}")
    patient.see("step-comment")
    patient.look(f"{language}-comment")
    assert min(box["y"] for box in patient.boxes("#keys .hg-button")) >= middle
    large_enough(patient, "#keys .hg-button", KEY_MM)
