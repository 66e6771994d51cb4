"""What the page does beside drawing: it forgets, it heals, it can be worked by keyboard, it says that it lives."""

import pytest
from playwright.sync_api import expect

from edge.screen.browser import SILENT_MS
from tests.fakes.waiting import eventually

PHONE = "612345678"
WORDS = "cold"


def test_an_abandoned_form_leaves_no_digit_anywhere(usual_patient, capfd):
    patient = usual_patient
    said: list[str] = []
    patient.page.on("console", lambda line: said.append(line.text))
    patient.to_form()
    patient.to_consent(PHONE, WORDS)
    patient.terminal.pass_time(61)
    patient.until_waiting()
    page = patient.page.content() + patient.page.evaluate(
        """() => JSON.stringify([
            [...document.querySelectorAll("input")].map((field) => field.value),
            {...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state,
        ])"""
    )
    output = capfd.readouterr()
    for secret in (PHONE, WORDS):
        assert secret not in page
        assert secret not in "".join(said)
        assert secret.encode() not in patient.terminal.on_disk()
        assert secret not in output.out + output.err
    assert patient.terminal.answers() == [("recommend", "no"), ("may_we_call", "yes")]


def test_the_next_person_finds_an_empty_form_in_the_terminals_language(usual_patient):
    patient = usual_patient
    patient.speak("en")
    patient.to_form()
    patient.type(PHONE)
    patient.key("{back}")
    patient.see("thanks")
    patient.terminal.pass_time(5)
    patient.until_waiting()
    assert patient.page.get_attribute("html", "lang") == "es"
    patient.to_form()
    assert patient.page.locator("#field").input_value() == ""


def test_going_back_keeps_what_was_typed(usual_patient):
    patient = usual_patient
    patient.to_form()
    patient.type(PHONE)
    patient.key("{next}")
    patient.see("step-comment")
    patient.type(WORDS)
    patient.key("{back}")
    patient.see("step-number")
    assert patient.page.locator("#field").input_value() == PHONE
    patient.key("{next}")
    patient.see("step-comment")
    assert patient.page.locator("#field").input_value() == WORDS


def test_another_photograph_may_be_touched_until_the_first_answer(usual_patient):
    patient = usual_patient
    patient.to_question("Emma Clark")
    patient.page.locator(".person", has_text="Dr Jordi Serra").click()
    expect(patient.page.locator(".chosen")).to_contain_text("Jordi")
    patient.terminal.pass_time(0.8)
    patient.see("question_1")
    patient.settle()
    patient.answer(0, "thanks")
    assert patient.terminal.said()[0]["employee"] == "jordi-serra"


def test_the_frame_does_not_wait_for_the_agent(usual_patient):
    patient = usual_patient
    person = patient.page.locator(".person", has_text="Emma Clark")
    framed_at_once = """(person) => {
      person.dispatchEvent(new PointerEvent("pointerdown", { isPrimary: true, bubbles: true }));
      return person.classList.contains("chosen");
    }"""
    assert person.evaluate(framed_at_once)


def test_a_finger_that_slides_off_answers_nothing(usual_patient):
    patient = usual_patient
    patient.to_question()
    answer = patient.box(patient.page.locator(".answer").first)
    patient.page.mouse.move(answer["x"] + 20, answer["y"] + 20)
    patient.page.mouse.down()
    patient.page.mouse.move(answer["x"] + 60, answer["y"] + 60)
    patient.page.mouse.move(answer["x"] + 20, 5)
    patient.page.mouse.up()
    patient.page.mouse.move(answer["x"] + 20, answer["y"] + 20)
    patient.page.mouse.down()
    patient.page.mouse.move(answer["x"] + 90, answer["y"] + 70)
    patient.page.mouse.up()
    patient.see("thanks")
    assert patient.terminal.answers() == [("recommend", "yes")]


def test_everything_can_be_done_by_keyboard(usual_patient):
    patient = usual_patient
    keyboard = patient.page.keyboard
    patient.page.locator(".person").first.focus()
    keyboard.press("Enter")
    patient.see("selected")
    patient.terminal.pass_time(0.8)
    patient.see("question_1")
    patient.settle()
    for key, then in (("Enter", "question_2"), ("Space", "contact")):
        patient.page.locator(".answer").nth(1 if then == "question_2" else 0).focus()
        keyboard.press(key)
        patient.see(then)
        patient.settle()
    keyboard.type(PHONE)
    keyboard.press("Enter")
    patient.see("step-comment")
    keyboard.type(WORDS)
    keyboard.press("Enter")
    patient.see("step-consent")
    patient.settle()
    keyboard.press("Tab")
    keyboard.press("Enter")
    patient.see("thanks")
    wish = patient.terminal.said()[-1]
    assert (wish["phone"], wish["comment"]) == (f"+34{PHONE}", WORDS)


@pytest.mark.parametrize("screen", [{"night": "00:00-23:59"}], ids=["night"])
def test_it_is_dim_by_night_while_it_waits(usual_patient, screen):
    patient = usual_patient
    patient.see("dim")
    patient.choose()
    expect(patient.page.locator("#screen.dim")).to_have_count(0)


def test_pixels_move_a_little_and_the_invitation_keeps_its_share(usual_patient):
    patient = usual_patient
    places = set()
    for _ in range(9):
        patient.terminal.pass_time(180)
        shift = patient.terminal.view["shift"]
        patient.page.wait_for_function(
            "(x) => document.documentElement.style.getPropertyValue('--shift-x') === `${x}px`",
            arg=shift[0],
        )
        box = patient.box("#title")
        places.add((round(box["x"]), round(box["y"])))
        share = patient.box("#lower")["height"] / patient.size["height"]
        assert 0.30 <= share <= 0.36
    assert len(places) >= 5


def test_a_page_that_lost_the_agent_says_so_kindly(usual_patient):
    patient = usual_patient
    patient.to_form()
    patient.type(PHONE)
    patient.terminal.screen.server.stop()
    expect(patient.page.locator("#offline")).to_have_text("Un momento, por favor.")
    expect(patient.page.locator("#field")).to_have_value("", timeout=30_000)


def test_a_killed_page_finds_the_question_again_where_it_was(usual_patient):
    patient = usual_patient
    patient.to_question()
    patient.answer(1, "question_2")
    patient.page.reload()
    patient.see("question_2")
    patient.settle()
    patient.answer(1, "thanks")
    assert patient.terminal.answers() == [("recommend", "no"), ("may_we_call", "no")]


def test_the_page_says_that_it_lives_and_a_white_one_does_not(usual_patient):
    patient = usual_patient
    page = patient.terminal.kiosk.page

    def heard() -> bool:
        return page.silent_since(0) < SILENT_MS

    patient.terminal.clock.move(SILENT_MS / 1000)
    eventually(heard)
    patient.page.evaluate("document.getElementById('screen').replaceChildren()")
    patient.terminal.clock.move(SILENT_MS / 1000)
    assert not heard()
    with pytest.raises(AssertionError):
        eventually(heard, within_s=5)


def test_staff_open_their_corner_and_clean(usual_patient):
    patient = usual_patient
    pin = (patient.terminal.folder / "staff-pin").read_text().strip()
    patient.page.mouse.move(10, 10)
    patient.page.mouse.down()
    patient.page.wait_for_selector(".place-pin", timeout=10_000)
    patient.page.mouse.up()
    patient.look("pin")
    assert patient.faults() == []
    patient.type(pin)
    patient.key("{next}")
    patient.page.wait_for_selector(".place-open")
    patient.look("open")
    assert patient.faults() == []
    patient.page.get_by_role("button", name="Limpiar").click()
    patient.page.wait_for_selector(".place-cleaning")
    patient.look("cleaning")
    patient.page.mouse.click(400, 300)
    expect(patient.page.locator("#told")).to_have_text("30")
    patient.terminal.pass_time(30)
    patient.until_waiting()


def test_reduced_motion_and_more_contrast_are_respected(usual_patient):
    patient = usual_patient
    patient.page.emulate_media(reduced_motion="reduce", contrast="more")
    patient.to_question()
    style = "(e) => getComputedStyle(e).transitionDuration"
    assert patient.page.locator(".answer").first.evaluate(style) == "0s"
    assert patient.faults() == []
