"""Reading aloud and long names: what is said, in which language, and that no name is broken inside a word."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from contract.documents import DesiredConfiguration, Employee
from tests.browser.kiosk.conftest import ARTEFACTS, PANELS, open_page
from tests.browser.kiosk.patient import CUT_OFF, Patient
from tests.edge.screen.terminal import ScreenTerminal, configuration

VOICES = """(languages) => {
  const voices = [], heard = [];
  const speech = new EventTarget();
  Object.assign(speech, {
    getVoices: () => voices,
    speak: (one) => heard.push([one.lang, one.text]),
    cancel: () => heard.push(["", "silence"]),
  });
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  // A voice can only be made by the browser, so an utterance that takes any stands in for its own.
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  window.find = (languages) => {
    voices.splice(0, voices.length, ...languages.map((lang) => ({ lang, name: lang })));
    speech.dispatchEvent(new Event("voiceschanged"));
  };
  window.heard = heard;
}"""
"""The browser's own interface, with voices that a test chooses and no sound."""

NAMES = (
    "Александра Константинопольская",
    "Д-р Екатерина Преображенская-Вознесенская",
    "Dra. Montserrat Vilanova-Puigdomènech",
    "Dr Irina Orlova",
    "Ольга Петрова",
    "Maria del Carme Torrentsgenerós",
)
BROKEN_WORDS = """() => [...document.querySelectorAll("#people .name")].flatMap((name) => {
  const text = name.firstChild;
  return [...text.data.matchAll(/[^\\s-]+-?/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
    return lines.size > 1;
  }).map((word) => word[0]);
})"""


@pytest.fixture
def listener(usual_patient: Patient) -> Patient:
    """Somebody whose browser finds voices in two of the languages, some time after the page."""
    page = usual_patient.page
    page.add_init_script(f"({VOICES})()")
    page.reload()
    page.wait_for_selector("#screen.waiting")
    expect(page.locator(".tool.speak")).to_have_count(0)
    find(page, "es-ES", "ru_RU", "en-GB", "ca-ES")
    return usual_patient


def find(page: Page, *languages: str) -> None:
    page.evaluate("(languages) => window.find(languages)", list(languages))


def heard(page: Page) -> list[tuple[str, str]]:
    """What was spoken since last asked; silence left out."""
    said: list[list[str]] = page.evaluate("window.heard.splice(0)")
    return [(language, text) for language, text in said if language]


def test_what_is_on_the_glass_is_read_in_its_language(listener: Patient) -> None:
    page = listener.page
    listener.to_question()
    assert heard(page) == [], "it is silent until somebody wants it otherwise"
    page.locator(".tool.speak").click()
    for language, lang in (("es", "es-ES"), ("ca", "ca-ES"), ("ru", "ru_RU"), ("en", "en-GB")):
        if language != "es":
            listener.speak(language)
        words = page.locator("#title").inner_text()
        answers = page.locator(".answer").all_inner_texts()
        ((spoken_in, spoken),) = heard(page)
        assert spoken_in == lang
        assert spoken.startswith(words.rstrip("."))
        assert spoken.endswith(", ".join(answers))
    listener.answer(1, "question_2")
    assert heard(page)[-1][1].startswith(page.locator("#title").inner_text())
    page.locator(".tool.speak").click()
    listener.answer(1, "thanks")
    assert heard(page) == []


def test_no_language_is_read_by_the_voice_of_another(listener: Patient) -> None:
    page = listener.page
    find(page, "es-ES", "ru-RU")
    page.locator(".tool.speak").click()
    assert [language for language, _ in heard(page)] == ["es-ES"]
    listener.speak("ca")
    expect(page.locator(".tool.speak")).to_have_count(0)
    assert heard(page) == []
    listener.speak("ru")
    expect(page.locator(".tool.speak")).to_have_attribute("aria-pressed", "true")
    assert [language for language, _ in heard(page)] == ["ru-RU"]


def test_the_next_person_begins_in_silence(listener: Patient) -> None:
    listener.page.locator(".tool.speak").click()
    listener.to_question()
    listener.terminal.pass_time(21)
    listener.until_waiting()
    expect(listener.page.locator(".tool.speak")).to_have_attribute("aria-pressed", "false")
    heard(listener.page)
    listener.to_question()
    assert heard(listener.page) == []


def with_long_names() -> DesiredConfiguration:
    usual = configuration()
    shift = usual.rota[0]
    codes = [f"person-{number}" for number in range(len(NAMES))]
    people = [
        Employee(employee=code, name=name, speciality="Otorrinolaringología")
        for code, name in zip(codes, NAMES, strict=True)
    ]
    rota = [shift.model_copy(update={"shift": code, "employee": code}) for code in codes]
    return usual.model_copy(update={"employees": people, "rota": rota})


@pytest.fixture(params=PANELS)
def page_of_names(request, chromium, tmp_path) -> Iterator[Page]:
    panel = PANELS[request.param]
    with ScreenTerminal(tmp_path, with_long_names(), **panel) as terminal:
        page = open_page(chromium, terminal, panel)
        yield page
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"{request.param}-long-names.png")
        page.context.close()


def test_no_name_is_broken_inside_a_word_or_cut_off(page_of_names: Page) -> None:
    page = page_of_names
    seen: list[str] = []
    while not set(NAMES) <= set(seen):
        assert page.evaluate(BROKEN_WORDS) == []
        assert page.evaluate(CUT_OFF) == []
        shown = page.locator(".person .name").all_inner_texts()
        assert not set(shown) & set(seen) or not shown, "everybody is shown once a round"
        seen += shown
        if page.locator(".more").count():
            page.locator(".more").click()
