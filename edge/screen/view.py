"""What the page is to show, pure: a state, the people on duty and the words in; one JSON-like document out.

The page draws exactly this and nothing else. `scene` names what is on the glass: while it stays the same, only marks
on it change (a frame, the seconds left, a sentence about trouble).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from contract.photographs import Policy
from contract.receipts import receipt_code
from contract.surveys import Question
from edge.screen.flow import Outcome, Phase, State, Step, is_lively, question, warned
from edge.screen.flow import Terms as FlowTerms
from edge.screen.geometry import Glass, Keyboard, keypad, letters
from edge.screen.qr import qr
from edge.screen.roster import OnDuty, initials, speciality
from edge.screen.wording import Wording

Document = dict[str, Any]
Notice = Literal["smiles"]
"""What patients must be told of the camera; the words are `notice.…`."""
LATIN_MM, CYRILLIC_MM = 6.6, 7.5
"""A letter of the type on the keys, with what stands beside it."""
GLYPHS = {"{back}": "←", "{next}": "→", "{space}": "␣", "{bksp}": "⌫", "{page}": "…"}


@dataclass(frozen=True, slots=True)
class Ambience:
    """What depends on the room and not on the patient: night, and the shift of pixels against burn-in."""

    dim: bool = False
    shift_px: tuple[int, int] = (0, 0)
    brightness: int = 100


@dataclass(frozen=True, slots=True)
class Stage:
    """What stays the same while the terminal runs."""

    terms: FlowTerms
    glass: Glass
    wordings: Mapping[str, Wording]
    consent: str
    """The version of the text that whoever leaves a number agrees to."""
    notices: tuple[Notice, ...] = ()
    photographs: Policy = Policy.OFF
    """What is photographed with answers here."""
    receipts: str | None = None
    """The page on which patients see what became of their complaint."""

    @property
    def notice(self) -> Policy:
        """What the screen says is photographed; a panel of seven inches has no room to say so."""
        return Policy.OFF if self.glass.is_small else self.photographs


def draw(
    state: State, stage: Stage, people: Sequence[OnDuty], ambience: Ambience, now_ms: int
) -> Document:
    """The whole page."""
    words = stage.wordings[state.language]
    asked = question(state, stage.terms)
    shown = None if state.phase is Phase.SELECTED else asked
    title = _title(state, asked, people, words)
    detail = _detail(state, words, short=stage.glass.is_small)
    seconds = warned(state, now_ms)
    lively = is_lively(state, now_ms)
    told = state.phase is Phase.WAITING
    document = {
        "scene": _scene(state, stage, people),
        "phase": state.phase.value,
        "step": state.step.value if state.phase is Phase.CONTACT else None,
        "language": state.language,
        "contrast": state.contrast,
        "low_reach": state.low_reach,
        "dim": ambience.dim and state.phase is Phase.WAITING and not lively,
        "lively": lively,
        "brightness": ambience.brightness,
        "shift": list(ambience.shift_px),
        "glass": _glass(stage.glass),
        "bar": _bar(state, stage, words),
        "people": [_person(person, state) for person in people] if _shows_people(state) else [],
        "more_people": words.text("bar.more_people"),
        "title": title,
        "notices": [words.text(f"notice.{one}") for one in stage.notices] if told else [],
        "detail": detail,
        "qr": _receipt(state, stage),
        "question": shown.code if shown else None,
        "look": shown.look if shown else None,
        "answers": [_answer(value, shown, words) for value in shown.answers] if shown else [],
        "form": _form(state, stage, words),
        "photograph": _photograph(state, stage, words),
        "agree": _agreement(words) if _is_consent(state) else None,
        "busy": state.storing is not None,
        "warning": None
        if seconds is None
        else {"text": words.text("bar.more_time"), "seconds": seconds},
        "trouble": words.text(f"trouble.{state.trouble}") if state.trouble else None,
        "offline": words.text("trouble.offline"),
    }
    return document | {"spoken": _spoken(document)}


def _shows_people(state: State) -> bool:
    return state.phase in (Phase.WAITING, Phase.SELECTED, Phase.QUESTION_1)


def _detail(state: State, words: Wording, *, short: bool) -> str:
    """What is agreed to, or the code under which the complaint is found; on small glass without what it is for."""
    if state.phase is Phase.THANKS and state.outcome == "contact" and state.visit is not None:
        code = receipt_code(state.visit).replace("-", "\N{NON-BREAKING HYPHEN}")
        return words.text("receipt.short" if short else "receipt.code").replace("{code}", code)
    return words.text("form.consent") if _is_consent(state) else ""


def _receipt(state: State, stage: Stage) -> Document | None:
    """The same as a picture for telephones; small glass has no room for it."""
    told = state.phase is Phase.THANKS and state.outcome == "contact" and state.visit is not None
    if not told or stage.receipts is None or stage.glass.is_small:
        return None
    code = receipt_code(state.visit or "")
    return {"name": code, **asdict(qr(f"{stage.receipts}#{code}"))}


def _is_consent(state: State) -> bool:
    return state.phase is Phase.CONTACT and state.step is Step.CONSENT


def _scene(state: State, stage: Stage, people: Sequence[OnDuty]) -> str:
    step = state.step.value if state.phase is Phase.CONTACT else ""
    faces = ",".join(f"{p.employee.employee}:{p.employee.photo}" for p in people)
    looks = f"{state.contrast}{state.low_reach}"
    who = faces if _shows_people(state) else ""
    parts = [state.phase.value, step, state.language, looks, state.outcome or "", who]
    return "|".join([*parts, stage.notice.code])


def _glass(glass: Glass) -> Document:
    return {
        "width_mm": round(glass.width_mm, 2),
        "height_mm": round(glass.height_mm, 2),
        "small": glass.is_small,
        "tall": glass.is_tall,
    }


def _title(state: State, asked: Question | None, people: Sequence[OnDuty], words: Wording) -> str:
    match state.phase:
        case Phase.WAITING:
            return words.text("waiting.touch_photo" if people else "waiting.touch_here")
        case Phase.SELECTED:
            names = [p.employee.name for p in people if p.employee.employee == state.employee]
            return f"{words.text('selected.chosen')} {names[0]}" if names else ""
        case Phase.CONTACT:
            key = {Step.CONSENT: "consent_title"}.get(state.step, state.step.value)
            return words.text(f"form.{key}")
        case Phase.THANKS:
            outcome: Outcome = state.outcome or "answered"
            return words.text(f"thanks.{outcome}")
    return words.text(asked.wording) if asked else ""


def _bar(state: State, stage: Stage, words: Wording) -> Document:
    languages = [
        {"code": code, "name": stage.wordings[code].name, "current": code == state.language}
        for code in stage.terms.languages
    ]
    tools = [{"do": "contrast", "name": words.text("bar.contrast"), "on": state.contrast}]
    if stage.glass.can_be_lowered:
        tools.append(
            {"do": "low_reach", "name": words.text("bar.low_reach"), "on": state.low_reach}
        )
    in_form = state.phase is Phase.CONTACT and state.step is not Step.CONSENT
    can_leave = state.phase not in (Phase.WAITING, Phase.THANKS)
    return {
        "hidden": in_form or state.phase is Phase.THANKS,
        "languages": languages if not stage.glass.is_small or not can_leave else [],
        "tools": tools if not stage.glass.is_small or not can_leave else [],
        "speak": words.text("bar.speak"),
        "leave": words.text("bar.leave") if can_leave else None,
    }


def _person(person: OnDuty, state: State) -> Document:
    employee = person.employee
    return {
        "id": employee.employee,
        "name": employee.name,
        "speciality": speciality(employee, state.language),
        "initials": initials(employee.name),
        "photo": employee.photo,
        "chosen": state.phase is not Phase.WAITING and employee.employee == state.employee,
    }


def _answer(value: int | str, asked: Question, words: Wording) -> Document:
    name = str(value) if asked.look == "numbers" else words.text(f"answer.{value}")
    return {"value": value, "name": name, "face": value if asked.look == "faces" else None}


def _agreement(words: Wording) -> Document:
    return {"yes": words.text("form.agree"), "no": words.text("form.decline")}


def _photograph(state: State, stage: Stage, words: Wording) -> Document | None:
    """The notice, and the way to decline or to change one's mind, until the question is answered."""
    if stage.notice is Policy.OFF or not _shows_people(state):
        return None
    key = "declined" if state.unphotographed else stage.notice.code
    act = "allow" if state.unphotographed else "decline"
    return {"text": words.text(f"photograph.{key}"), "act": words.text(f"photograph.{act}")}


def _form(state: State, stage: Stage, words: Wording) -> Document | None:
    if state.phase is not Phase.CONTACT or state.step is Step.CONSENT:
        return None
    low = state.low_reach
    if state.step is Step.NUMBER:
        board = keypad(stage.glass, low_reach=low)
    else:
        board = letters(stage.glass, words.keys, words.more, low_reach=low)
    names = {
        "{back}": words.text("bar.leave" if state.step is Step.NUMBER else "form.back"),
        "{next}": words.text("form.next"),
        "{space}": words.text("form.space"),
        "{bksp}": words.text("form.delete"),
        "{page}": words.text("form.other_keys"),
    }
    return {
        "columns": board.columns,
        "rows": board.rows,
        "pages": [[" ".join(row) for row in page] for page in board.pages],
        "spans": board.spans,
        "names": names,
        "labels": {key: _label(key, name, board) for key, name in names.items()},
    }


def _label(key: str, name: str, board: Keyboard) -> str:
    """The word where it fits on the key, otherwise its sign; the accessible name is always the word."""
    fits = len(name) * _letter_mm(name) <= board.spans.get(key, 1) * board.key_mm
    return name if fits and key not in ("{bksp}", "{page}") else GLYPHS[key]


def _letter_mm(name: str) -> float:
    return CYRILLIC_MM if any("\u0400" <= letter <= "\u04ff" for letter in name) else LATIN_MM


def _spoken(document: Document) -> str:
    """What is read aloud: the sentence, then what can be touched."""
    choices = [answer["name"] for answer in document["answers"]]
    if document["phase"] == Phase.WAITING.value:
        choices = [person["name"] for person in document["people"]]
    if document["agree"]:
        choices = [document["agree"]["yes"], document["agree"]["no"]]
    told = document["photograph"] or {"text": ""}
    parts = [document["title"], document["detail"], ", ".join(choices), told["text"]]
    return ". ".join(part.rstrip(".") for part in parts if part)
