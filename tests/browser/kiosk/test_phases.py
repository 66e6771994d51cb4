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


def in_both(patient: Patient, languages: str, name: str, *, shown: str = "") -> None:
    """Legible and whole in two languages, and without faults for axe-core, which does not read what is written."""
    for language in languages.split():
        patient.speak(language)
        patient.page.evaluate("document.fonts.ready")
        if shown:
            patient.page.wait_for_selector(shown)
        assert patient.small_letters_mm() >= X_HEIGHT_MM - 0.02
        patient.look(f"{name}-{language}")
    assert patient.faults() == []


def test_waiting(patient):
    in_both(patient, "es ru", "waiting")
    invitation, height = patient.box("#lower"), patient.size["height"]
    assert 0.30 <= invitation["height"] / height <= 0.36
    assert invitation["bottom"] == pytest.approx(height, abs=1)
    assert all(box["bottom"] <= invitation["y"] + 1 for box in patient.boxes(".person"))
    large_enough(patient, ".person", KEY_MM)
    large_enough(patient, ".tool", KEY_MM)


def test_waiting_for_somebody_who_comes(usual_patient):
    calm = usual_patient.style("#lower", "backgroundColor")
    usual_patient.page.emulate_media(reduced_motion="reduce")
    usual_patient.terminal.screen.greet()
    usual_patient.see("lively")
    assert usual_patient.style("#lower", "backgroundColor") != calm
    assert usual_patient.style("#text", "animationName") == "none"
    in_both(usual_patient, "es ru", "lively")
    usual_patient.page.emulate_media(reduced_motion="no-preference")
    assert usual_patient.style("#text", "animationName") == "welcome"
    usual_patient.terminal.pass_time(5)
    usual_patient.page.wait_for_selector("#screen:not(.lively)")


def test_selected(patient):
    patient.choose()
    frame = patient.page.locator(".chosen").evaluate("(e) => getComputedStyle(e).boxShadow")
    assert float(frame.split(")")[1].split()[3].removesuffix("px")) >= FRAME_PX
    assert patient.page.locator(".chosen .tick").is_visible(), "not by colour alone"
    assert patient.page.locator(".answer").count() == 0
    in_both(patient, "ca en", "selected")
    patient.terminal.pass_time(0.8)
    patient.see("question_1")


def test_first_question(patient):
    patient.to_question()
    in_both(patient, "ru ca", "question")
    large_enough(patient, ".answer", ANSWER_MM)
    assert min(box["y"] for box in patient.boxes(".answer")) > patient.size["height"] * 0.4
    patient.terminal.pass_time(21)
    patient.until_waiting()
    assert patient.terminal.answers() == []


def test_second_question(patient):
    patient.to_question()
    patient.answer(1, "question_2")
    assert patient.terminal.answers() == [("recommend", "no")]
    in_both(patient, "en es", "question")
    large_enough(patient, ".answer", ANSWER_MM)
    patient.terminal.pass_time(13)
    patient.page.wait_for_selector("#warning:not([hidden])")
    patient.look("warning")
    patient.more_time()
    patient.terminal.pass_time(19)
    assert patient.terminal.view["phase"] == "question_2"
    patient.terminal.pass_time(2)
    patient.until_waiting()


def test_number(patient):
    patient.to_form()
    in_both(patient, "es ru", "number")
    large_enough(patient, "#keys .hg-button", KEY_MM)
    patient.type("12")
    patient.key("{next}")
    patient.page.wait_for_selector("#trouble:not([hidden])")
    below = "#keys" if patient.terminal.view["glass"]["small"] else "#field"
    assert patient.box("#trouble")["bottom"] <= patient.box(below)["y"], (
        "what was typed stays to be seen"
    )
    patient.look("refused")
    assert patient.faults() == []
    patient.key("{bksp}")
    patient.key("{bksp}")
    patient.type("612345678")
    assert patient.page.locator("#field").input_value() == "612345678"
    patient.key("{next}")
    patient.see("step-comment")


def test_comment(patient):
    patient.to_form()
    patient.type("612345678")
    patient.key("{next}")
    patient.see("step-comment")
    in_both(patient, "ca ru", "comment")
    for page in range(len(patient.terminal.view["form"]["pages"])):
        patient.page.wait_for_selector(f".hg-layout-page{page}")
        large_enough(patient, "#keys .hg-button", KEY_MM)
        patient.look(f"page-{page}")
        patient.key("{page}")
    patient.terminal.pass_time(45)
    patient.page.wait_for_selector("#warning:not([hidden])")
    large_enough(patient, "#warning", KEY_MM)
    patient.look("warning")
    assert patient.faults() == []


def test_consent_and_thanks(patient):
    patient.to_form()
    patient.to_consent()
    in_both(patient, "en ru", "consent")
    large_enough(patient, ".answer", ANSWER_MM)
    patient.answer(0, "thanks")
    in_both(patient, "es ru", "thanks")
    assert patient.terminal.said()[-1]["phone"] == "+34612345678"
    patient.terminal.pass_time(20)
    patient.until_waiting()


@pytest.mark.parametrize(
    "screen", [{"mode": "smileys4"}, {"mode": "smileys5"}, {"mode": "nps"}], ids=lambda s: s["mode"]
)
def test_other_surveys(patient, screen):
    small = patient.terminal.view["glass"]["small"]
    patient.to_question()
    in_both(patient, "es ru", screen["mode"])
    crowded = screen["mode"] == "nps" and small  # eleven answers of 30 mm have no room on 7 inches
    large_enough(patient, ".answer", KEY_MM if crowded else ANSWER_MM)
    last = patient.page.locator(".answer").count() - 1
    patient.answer(0 if screen["mode"] == "nps" else last, "question_2")


def test_high_contrast(patient):
    patient.page.locator(".tool.contrast").click()
    patient.page.wait_for_selector("#screen.stark")
    in_both(patient, "es ru", "waiting")
    patient.to_question()
    in_both(patient, "es ru", "question")


def test_everything_within_low_reach(patient):
    lower = patient.page.locator(".tool.low_reach")
    if patient.terminal.view["glass"]["small"]:
        assert lower.count() == 0, "a small panel is within reach as it is"
        return
    lower.click()
    patient.page.wait_for_selector("#screen.low")
    middle = patient.size["height"] / 2 - 3
    in_both(patient, "en ru", "waiting")
    assert min(box["y"] for box in patient.boxes("#screen button")) >= middle
    patient.to_question("Emma Clark")
    in_both(patient, "en ru", "question")
    large_enough(patient, ".answer", ANSWER_MM)
    assert min(box["y"] for box in patient.boxes("#screen button")) >= middle
    patient.answer(1, "question_2")
    patient.answer(0, "contact")
    for step, onward in (("number", "612345678"), ("comment", "")):
        patient.see(f"step-{step}")
        patient.look(step)
        assert min(box["y"] for box in patient.boxes("#keys .hg-button")) >= middle
        large_enough(patient, "#keys .hg-button", KEY_MM)
        patient.type(onward)
        patient.key("{next}")
