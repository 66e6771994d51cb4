"""The screen joined with the real agent and outbox: what is stored, when, and what is left on the disk."""

import json
import sqlite3

import pytest

from edge.outbox import Outbox
from edge.rota import Rota
from edge.sealing import read_seal
from tests.edge.screen.terminal import ScreenTerminal, configuration
from tests.fakes.clock import NOON_MS
from tests.fakes.waiting import eventually

PHONE = "612345678"


@pytest.fixture
def terminal(tmp_path):
    with ScreenTerminal(tmp_path) as terminal:
        yield terminal


def to_question(terminal, employee="irina-orlova"):
    terminal.kiosk.touch({"do": "choose", "employee": employee})
    terminal.pass_time(1)
    terminal.pass_time(1)
    assert terminal.view["phase"] == "question_1"


def answer(terminal, value, then):
    question = terminal.view["question"]
    terminal.kiosk.touch({"do": "answer", "question": question, "value": value})
    terminal.until(then)
    terminal.pass_time(1)


def to_form(terminal):
    to_question(terminal)
    answer(terminal, "no", "question_2")
    answer(terminal, "yes", "contact")


def send_contact(terminal):
    for request in (
        {"do": "number", "phone": PHONE},
        {"do": "comment"},
        {"do": "contact", "phone": PHONE, "comment": "slippery floor"},
    ):
        terminal.kiosk.touch(request)


def test_an_answer_is_stored_with_everything_that_is_known_of_it(terminal):
    terminal.kiosk.touch({"do": "language", "language": "ru"})
    to_question(terminal)
    answer(terminal, "hard_to_say", "thanks")
    (said,) = terminal.said()
    assert said["asked"] == {"survey": "express", "question": "recommend", "survey_version": 1}
    known = {key: said[key] for key in ("value", "language", "employee", "shift", "touchpoint")}
    assert known == {
        "value": "hard_to_say",
        "language": "ru",
        "employee": "irina-orlova",
        "shift": "shift-irina-orlova",
        "touchpoint": "room-12",
    }


def test_the_first_answer_is_on_disk_before_the_second_question_is_shown(terminal):
    seen = []

    def look(document):
        if document["phase"] == "question_2" and not seen:
            with sqlite3.connect(terminal.folder / "outbox.db") as other:
                kind = "SELECT count(*) FROM entry WHERE type = 'SurveyAnswered'"
                seen.extend(other.execute(kind).fetchone())

    terminal.kiosk.watch(look)
    to_question(terminal)
    answer(terminal, "no", "question_2")
    assert seen == [1]


def test_one_visit_ties_the_answers_and_the_wish_together(terminal):
    to_form(terminal)
    send_contact(terminal)
    terminal.until("thanks")
    said = terminal.said()
    assert [message["type"] for message in said] == [
        "SurveyAnswered",
        "SurveyAnswered",
        "ContactLeft",
    ]
    assert len({message["visit"] for message in said}) == 1
    assert said[2]["phone"] == "+34612345678"
    assert said[2]["consent"] == "call-back-1"
    assert said[2]["consent_text"].startswith("Lo usaremos solo")


def test_a_wish_to_be_called_is_not_readable_on_the_disk(terminal):
    to_form(terminal)
    send_contact(terminal)
    terminal.until("thanks")
    everything = terminal.on_disk()
    assert PHONE.encode() not in everything
    assert b"slippery" not in everything
    assert (terminal.folder / "outbox.key").stat().st_mode & 0o777 == 0o600


def test_a_wish_survives_a_restart_of_the_terminal(tmp_path):
    with ScreenTerminal(tmp_path) as terminal:
        to_form(terminal)
        send_contact(terminal)
        terminal.until("thanks")
    with ScreenTerminal(tmp_path) as again:
        assert [message.get("phone") for message in again.said()][2] == "+34612345678"


def test_under_another_key_a_wish_is_passed_over_and_later_answers_are_not(tmp_path):
    with ScreenTerminal(tmp_path) as terminal:
        to_form(terminal)
        send_contact(terminal)
        terminal.until("thanks")
        terminal.pass_time(21)
        to_question(terminal)
        answer(terminal, "yes", "thanks")
    (tmp_path / "outbox.key").unlink()
    outbox = Outbox(tmp_path / "outbox.db", "hall-1")
    kinds = [entry.type for entry in outbox.entries(0, 2)] + [
        entry.type for entry in outbox.entries(2, 100)
    ]
    assert "ContactLeft" not in kinds
    assert kinds.count("SurveyAnswered") == 3
    outbox.close()


def test_the_seal_is_the_same_at_every_start(tmp_path):
    closed = read_seal(tmp_path / "a.key").close(b"words")
    assert b"words" not in closed
    assert read_seal(tmp_path / "a.key").open(closed) == b"words"
    assert read_seal(tmp_path / "a.key").open(b"{}") == b"{}"


def test_an_abandoned_form_leaves_no_digit(terminal, capfd):
    to_form(terminal)
    terminal.kiosk.touch({"do": "number", "phone": PHONE})
    terminal.kiosk.touch({"do": "comment"})
    terminal.pass_time(61)
    assert terminal.view["phase"] == "waiting"
    assert [value for _, value in terminal.answers()] == ["no", "yes"]
    assert PHONE.encode() not in terminal.on_disk()
    output = capfd.readouterr()
    assert PHONE not in output.out + output.err
    assert PHONE not in json.dumps(terminal.view)
    assert PHONE not in repr(vars(terminal.kiosk)) + repr(vars(terminal.agent))


def test_when_the_disk_refuses_nobody_is_thanked(terminal, tmp_path):
    to_question(terminal)
    with sqlite3.connect(tmp_path / "outbox.db", timeout=10) as other:
        other.execute("BEGIN EXCLUSIVE")
        terminal.kiosk.touch({"do": "answer", "question": "recommend", "value": "yes"})
        eventually(lambda: terminal.view["trouble"])
        assert terminal.view["phase"] == "question_1"
        assert "Perdone" in terminal.view["trouble"]
        other.execute("ROLLBACK")
    terminal.pass_time(1)
    answer(terminal, "yes", "thanks")
    assert terminal.answers() == [("recommend", "yes")]


def test_a_button_answers_the_question_on_the_screen_and_is_not_counted_twice(terminal):
    to_question(terminal)
    terminal.press(2)
    terminal.until("question_2")
    (pressed,) = terminal.said()
    assert (pressed["type"], pressed["value"]) == ("ButtonPressed", "no")
    assert (pressed["employee"], pressed["shift"]) == ("irina-orlova", "shift-irina-orlova")
    terminal.pass_time(1)
    answer(terminal, "no", "thanks")
    assert {message["visit"] for message in terminal.said()} == {pressed["visit"]}


def test_a_button_with_another_question_leaves_the_screen_alone(terminal):
    to_question(terminal)
    terminal.press(3)
    eventually(lambda: terminal.lamps.thanked)
    assert terminal.view["phase"] == "question_1"
    assert "visit" not in terminal.said()[0]


def test_a_repeated_press_answers_nothing(terminal):
    to_question(terminal)
    terminal.press(3)
    terminal.press(1)
    eventually(lambda: len(terminal.lamps.thanked) == 2)
    assert terminal.view["phase"] == "question_1"
    assert [message["flags"] for message in terminal.said()] == [[], ["repeat"]]


def close(terminal):
    """The facility has been closed since noon, as far as the hub has told."""
    told = configuration(version=2)
    hours = {"hours": [], "hours_until_ms": NOON_MS + 86_400_000}
    terminal.rota.take(told.model_copy(update=hours))


def test_who_leaves_after_closing_time_is_heard_and_flagged(terminal):
    close(terminal)
    to_question(terminal)
    terminal.press(2)
    terminal.until("question_2")
    terminal.pass_time(1)
    answer(terminal, "no", "thanks")
    pressed, answered = terminal.said()
    assert (pressed["flags"], answered["flags"]) == (["out_of_hours"], ["out_of_hours"])
    assert pressed["visit"] == answered["visit"]


def test_by_a_clock_that_nobody_has_set_nothing_is_outside_of_hours(terminal):
    close(terminal)
    terminal.clock.synchronised = False
    to_question(terminal)
    answer(terminal, "yes", "thanks")
    assert not terminal.said()[0].get("flags")


def test_a_press_that_cannot_be_stored_answers_nothing(terminal, tmp_path):
    to_question(terminal)
    with sqlite3.connect(tmp_path / "outbox.db", timeout=10) as other:
        other.execute("BEGIN EXCLUSIVE")
        terminal.press(1)
        eventually(lambda: terminal.view["trouble"])
        other.execute("ROLLBACK")
    assert terminal.view["phase"] == "question_1"
    assert terminal.lamps.refused == ["desk"]


def open_corner(terminal):
    pin = (terminal.folder / "staff-pin").read_text().strip()
    terminal.kiosk.touch({"do": "staff"})
    terminal.kiosk.touch({"do": "pin", "pin": pin})
    assert terminal.view["staff"]["place"] == "open"


def test_staff_see_the_state_and_a_patient_does_not(terminal):
    assert terminal.view["staff"] is None
    terminal.kiosk.touch({"do": "staff"})
    terminal.kiosk.touch({"do": "pin", "pin": "no"})
    assert terminal.view["staff"]["facts"] == []
    open_corner(terminal)
    facts = dict(terminal.view["staff"]["facts"])
    assert facts["Terminal"] == "hall-1"
    assert facts["Por enviar"] == "1"


def test_buttons_that_staff_try_out_are_told_apart(terminal):
    open_corner(terminal)
    terminal.kiosk.touch({"do": "staff_act", "act": "learn"})
    terminal.press(2)
    eventually(lambda: terminal.view["staff"]["heard"] == "desk · 2")
    eventually(lambda: [message["flags"] for message in terminal.said()] == [["staff"]])


def test_cleaning_takes_no_touch_and_ends(terminal):
    open_corner(terminal)
    terminal.kiosk.touch({"do": "staff_act", "act": "clean"})
    terminal.kiosk.touch({"do": "choose", "employee": "irina-orlova"})
    terminal.pass_time(29)
    assert terminal.view["staff"]["seconds"] == 1
    terminal.pass_time(1)
    assert terminal.view["staff"] is None
    assert terminal.view["phase"] == "waiting"


def test_the_corner_opens_only_while_nobody_answers(terminal):
    to_question(terminal)
    terminal.kiosk.touch({"do": "staff"})
    assert terminal.view["staff"] is None


def test_a_new_configuration_counts_from_the_next_patient_on(terminal):
    to_question(terminal)
    terminal.rota.take(configuration(version=2, mode="nps", languages=["ru", "es"]))
    assert terminal.view["look"] == "words"
    terminal.kiosk.touch({"do": "leave"})
    terminal.pass_time(1)
    assert terminal.view["language"] == "ru"
    to_question(terminal)
    assert terminal.view["look"] == "numbers"
    answer(terminal, 3, "question_2")
    assert terminal.answers() == [("recommend_score", 3)]


EXIT = {
    "survey": "exit-3fa",
    "version": 4,
    "mode": "smileys4",
    "touchpoints": ["room-12"],
    "texts": {"es": {"question.how_was_it": "¿Qué tal?", "form.consent": "Solo para llamarle."}},
    "consent": "exit-3fa-2",
}


def test_the_survey_of_the_touchpoint_comes_from_the_hub_and_an_answer_names_its_version(tmp_path):
    elsewhere = EXIT | {"survey": "other", "mode": "nps", "touchpoints": ["lift"]}
    with ScreenTerminal(tmp_path, configuration(surveys=[elsewhere, EXIT])) as terminal:
        to_question(terminal)
        assert (terminal.view["title"], terminal.view["look"]) == ("¿Qué tal?", "faces")
        answer(terminal, "bad", "question_2")
        assert terminal.view["title"] == "¿Podemos llamarle para saber por qué?"
        answer(terminal, "yes", "contact")
        send_contact(terminal)
        terminal.until("thanks")
        first, _, wish = terminal.said()
        assert first["asked"] == {
            "survey": "exit-3fa",
            "question": "how_was_it",
            "survey_version": 4,
        }
        assert (wish["consent"], wish["consent_text"]) == ("exit-3fa-2", "Solo para llamarle.")


def test_a_survey_without_room_on_this_panel_leaves_the_terminals_own(tmp_path):
    wide = configuration(surveys=[EXIT | {"mode": "smileys5"}])
    with ScreenTerminal(tmp_path, wide, width_px=800, height_px=480) as terminal:
        assert terminal.screen.kiosk.document()["look"] is None
        to_question(terminal)
        assert terminal.view["look"] == "words"


def test_who_is_answering_keeps_the_specialist_that_a_new_rota_no_longer_has(terminal):
    to_question(terminal, "jordi-serra")
    scene = terminal.view["scene"]
    terminal.rota.take(configuration(people=1, version=2))
    terminal.pass_time(0.5)
    assert terminal.view["scene"] == scene
    answer(terminal, "yes", "thanks")
    assert terminal.said()[0]["shift"] == "shift-jordi-serra"
    terminal.pass_time(5)
    assert [person["id"] for person in terminal.view["people"]] == ["irina-orlova"]


def test_without_the_hub_a_restart_keeps_the_survey_that_it_chose(tmp_path):
    with ScreenTerminal(tmp_path, configuration(surveys=[EXIT])):
        pass
    cached = Rota(tmp_path / "desired.json").document
    assert cached.screen is not None
    assert cached.screen.surveys[0].survey == "exit-3fa"


def test_with_nobody_on_duty_the_clinic_is_asked_about(tmp_path):
    with ScreenTerminal(tmp_path, configuration(people=0)) as terminal:
        terminal.kiosk.touch({"do": "choose", "employee": None})
        terminal.pass_time(1)
        terminal.pass_time(1)
        answer(terminal, "yes", "thanks")
        (said,) = terminal.said()
        assert said["asked"]["question"] == "recommend_clinic"
        assert "employee" not in said


def test_by_night_a_waiting_screen_is_dim_and_an_answering_one_is_not(tmp_path):
    with ScreenTerminal(tmp_path, night="00:00-23:59") as terminal:
        assert terminal.view["dim"]
        to_question(terminal)
        assert not terminal.view["dim"]


def test_pixels_move_a_little_over_time(terminal):
    shifts = set()
    for _ in range(9):
        terminal.pass_time(180)
        shifts.add(tuple(terminal.view["shift"]))
    assert len(shifts) == 9
    assert all(abs(pixels) <= 2 for shift in shifts for pixels in shift)


def test_a_page_that_goes_on_showing_what_should_be_gone_is_frozen(terminal):
    def beat(**said):
        terminal.kiosk.touch({"do": "beat", "painted": True, **said})
        return terminal.kiosk.page.painted_ms

    def found():
        return terminal.screen.glass.page(30_000, 0).reason

    to_question(terminal)
    first = beat(scene=terminal.view["scene"])
    assert (first is not None, found()) == (True, "silent")
    terminal.pass_time(5)
    assert (beat(scene="what was shown before"), found()) == (first, "frozen")
    assert (beat(painted=False), found()) == (first, "blank")
    assert beat(scene=terminal.view["scene"]) > first
    assert beat() is not None, "a page of the version before names no scene"
    assert [f.status for f in terminal.screen.glass.glass()] == ["ok"]
    beat(scene=terminal.view["scene"], down_ms=61_000)
    assert [f.reason for f in terminal.screen.glass.glass()] == ["held"]


def test_the_waiting_screen_wakes_up_when_somebody_comes_and_calms_down_again(tmp_path):
    with ScreenTerminal(tmp_path, night="00:00-23:59") as terminal:
        assert (terminal.view["lively"], terminal.view["dim"]) == (False, True)
        shown = []
        terminal.kiosk.watch(shown.append)
        for _ in range(3):
            terminal.screen.greet()
        assert (terminal.view["lively"], terminal.view["dim"]) == (True, False)
        assert len(shown) == 2, "what stays the same is not drawn again"
        assert shown[0]["scene"] == shown[1]["scene"]
        terminal.pass_time(5)
        assert (terminal.view["lively"], terminal.view["dim"]) == (False, True)


def test_what_patients_must_be_told_is_said_before_they_touch_anything(tmp_path):
    with ScreenTerminal(tmp_path, notices=("smiles",)) as terminal:
        (notice,) = terminal.view["notices"]
        assert "sonrisas" in notice
        terminal.kiosk.touch({"do": "language", "language": "ru"})
        assert "улыбки" in terminal.view["notices"][0]
        to_question(terminal)
        assert terminal.view["notices"] == []
