"""The way through the screen: single steps by example, all ways by hypothesis."""

from dataclasses import dataclass, field

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contract.surveys import SURVEYS, Mode, Value
from edge.screen import events, flow
from edge.screen.flow import Phase, State, Step, Terms

PHONE = "+34612345678"
COMMENT = "the stairs are steep"


@dataclass
class Patient:
    """Drives the flow on a virtual clock; what is to be stored is stored when `settle` is called."""

    mode: Mode = "express"
    now_ms: int = 10**6
    wanted: list[events.Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.terms = Terms(SURVEYS[self.mode], ("es", "en"))
        self.state = flow.waiting(self.terms)

    def do(self, event: events.Event, after_ms: int = 1000) -> State:
        self.now_ms += after_ms
        self.state, effects = flow.step(self.state, event, self.now_ms, self.terms)
        self.wanted += effects
        return self.state

    def choose(self, who: str | None = "ana") -> State:
        self.do(events.Chosen(who, "visit-1"))
        return self.do(events.Ticked())

    def answer(self, value: Value, *, stored: bool = True) -> State:
        self.do(events.Answered(value))
        fate = events.Stored if stored else events.NotStored
        return self.do(fate(self.state.visit or ""))

    def to_form(self) -> State:
        self.choose()
        self.answer("no")
        return self.answer("yes")

    def to_consent(self) -> State:
        self.to_form()
        self.do(events.NumberOffered(valid=True))
        return self.do(events.CommentDone())


def test_the_base_express_survey_from_photograph_to_thanks():
    patient = Patient()
    assert patient.do(events.Chosen("ana", "visit-1")).phase is Phase.SELECTED
    assert patient.do(events.Ticked(), flow.SHOWN_SELECTED_MS).phase is Phase.QUESTION_1
    assert patient.answer("no").phase is Phase.QUESTION_2
    assert patient.answer("yes").phase is Phase.CONTACT
    assert patient.do(events.NumberOffered(valid=True)).step is Step.COMMENT
    assert patient.do(events.CommentDone()).step is Step.CONSENT
    patient.do(events.ContactSent(PHONE, COMMENT))
    thanks = patient.do(events.Stored("visit-1"))
    assert (thanks.phase, thanks.outcome) == (Phase.THANKS, "contact")
    assert patient.do(events.Ticked(), flow.CODE_MS) == flow.waiting(patient.terms)
    assert patient.wanted == [
        events.StoreAnswer("visit-1", "recommend", "no", "ana", "es"),
        events.StoreAnswer("visit-1", "may_we_call", "yes", "ana", "es"),
        events.StoreContact("visit-1", PHONE, COMMENT, "es"),
    ]


@pytest.mark.parametrize("value", ["yes", "hard_to_say"])
def test_only_a_no_leads_to_the_second_question(value):
    patient = Patient()
    patient.choose()
    assert patient.answer(value).phase is Phase.THANKS
    assert patient.state.outcome == "answered"


@pytest.mark.parametrize(
    ("mode", "unhappy", "happy"),
    [
        ("smileys4", ["bad", "very_bad"], ["very_good", "good"]),
        ("smileys5", ["bad", "very_bad"], ["very_good", "good", "so_so"]),
        ("nps", list(range(7)), [7, 8, 9, 10]),
    ],
)
def test_a_call_is_offered_to_the_unhappy_in_every_mode(mode, unhappy, happy):
    for values, phase in ((unhappy, Phase.QUESTION_2), (happy, Phase.THANKS)):
        for value in values:
            patient = Patient(mode)
            patient.choose()
            assert patient.answer(value).phase is phase


def test_another_photograph_may_be_chosen_until_the_first_answer():
    patient = Patient()
    patient.choose("ana")
    assert patient.do(events.Chosen("ben", "visit-2")).employee == "ben"
    assert patient.state.visit == "visit-1"
    patient.do(events.Ticked())
    patient.do(events.Answered("yes"))
    patient.do(events.Chosen("ana", "visit-3"))
    patient.do(events.Stored("visit-1"))
    assert [effect.employee for effect in patient.wanted] == ["ben"]
    assert patient.do(events.Chosen("ana", "visit-4")).phase is Phase.THANKS


def test_without_a_specialist_another_question_is_asked():
    patient = Patient()
    patient.choose(None)
    patient.answer("yes")
    assert patient.wanted == [events.StoreAnswer("visit-1", "recommend_clinic", "yes", None, "es")]


def test_nobody_is_thanked_for_what_was_not_stored():
    patient = Patient()
    patient.choose()
    state = patient.answer("no", stored=False)
    assert (state.phase, state.trouble) == (Phase.QUESTION_1, "not_stored")
    assert patient.answer("no").phase is Phase.QUESTION_2
    assert patient.state.trouble is None


def test_the_form_that_could_not_be_stored_can_be_sent_again():
    patient = Patient()
    patient.to_consent()
    patient.do(events.ContactSent(PHONE, ""))
    state = patient.do(events.NotStored("visit-1"))
    assert (state.phase, state.step, state.trouble) == (Phase.CONTACT, Step.CONSENT, "not_stored")


def test_a_number_that_cannot_exist_is_asked_again():
    patient = Patient()
    patient.to_form()
    state = patient.do(events.NumberOffered(valid=False))
    assert (state.step, state.trouble) == (Step.NUMBER, "number")


@pytest.mark.parametrize("phase", [Phase.QUESTION_1, Phase.QUESTION_2])
def test_a_question_waits_twenty_seconds_from_the_last_touch(phase):
    patient = Patient()
    patient.choose()
    if phase is Phase.QUESTION_2:
        patient.answer("no")
    patient.do(events.Touched(), 19_000)
    assert patient.do(events.Ticked(), 19_999).phase is phase
    assert patient.do(events.Ticked(), 1).phase is Phase.WAITING


def test_the_form_warns_for_twenty_seconds_and_can_be_extended():
    patient = Patient()
    patient.to_form()
    patient.do(events.Ticked(), 39_999)
    assert flow.warned(patient.state, patient.now_ms) is None
    patient.do(events.Ticked(), 1)
    assert flow.warned(patient.state, patient.now_ms) == 20
    patient.do(events.Touched(), 19_000)
    assert flow.warned(patient.state, patient.now_ms) is None
    assert patient.do(events.Ticked(), 59_999).phase is Phase.CONTACT
    assert patient.do(events.Ticked(), 1) == flow.waiting(patient.terms)


def test_a_finger_that_trembles_answers_once():
    patient = Patient()
    patient.choose()
    patient.answer("no")
    assert patient.do(events.Answered("no"), flow.SETTLED_MS - 1).storing is None
    assert patient.do(events.Answered("no"), 1).storing == "no"


def test_leaving_before_an_answer_leaves_nothing_and_after_it_thanks():
    patient = Patient()
    patient.choose()
    assert patient.do(events.Left()) == flow.waiting(patient.terms)
    patient.choose()
    patient.answer("no")
    assert patient.do(events.Left()).phase is Phase.THANKS


def test_a_language_stays_through_the_visit_and_not_beyond():
    patient = Patient()
    patient.do(events.Preferred(language="en", contrast=True, low_reach=True))
    patient.choose()
    assert patient.state.language == "en"
    patient.answer("yes")
    patient.do(events.Ticked(), flow.Timings().thanks_ms)
    assert patient.state == flow.waiting(patient.terms)
    patient.do(events.Preferred(language="en"))
    assert patient.do(events.Ticked(), flow.Timings().question_ms) == flow.waiting(patient.terms)


def test_a_button_answers_what_is_on_the_screen_and_stores_nothing_itself():
    patient = Patient()
    assert patient.do(events.Claimed("no")).storing is None
    patient.do(events.Chosen("ana", "visit-1"))
    assert patient.do(events.Claimed("no")).storing == "no"
    assert patient.do(events.Stored("visit-1")).phase is Phase.QUESTION_2
    assert patient.wanted == []


def test_the_invitation_is_lively_while_somebody_is_near_and_a_little_longer():
    patient = Patient()
    assert not flow.is_lively(patient.state, patient.now_ms)
    for _ in range(5):
        patient.do(events.Approached())
        assert flow.is_lively(patient.state, patient.now_ms + 1)
    patient.do(events.Ticked(), flow.LIVELY_MS)
    assert not flow.is_lively(patient.state, patient.now_ms)


def test_whoever_comes_near_does_not_disturb_whoever_answers():
    patient = Patient()
    patient.choose()
    before = patient.state
    after = patient.do(events.Approached())
    assert not flow.is_lively(after, patient.now_ms)
    assert (after.phase, after.visit, after.ends_ms) == (before.phase, before.visit, before.ends_ms)


class AnyPatient(RuleBasedStateMachine):
    """Every order of touches, ticks and answers from the disk, for each kind of survey."""

    def __init__(self) -> None:
        super().__init__()
        self.patient = Patient()
        self.visits = 0
        self.stored: set[tuple[str, str]] = set()
        self.under_way: events.Effect | None = None

    def _do(self, event: events.Event, after_ms: int = 300) -> None:
        before = len(self.patient.wanted)
        phase = self.patient.state.phase
        self.patient.do(event, after_ms)
        new = self.patient.wanted[before:]
        assert len(new) <= 1
        if new:
            assert self.under_way is None
            self.under_way = new[0]
        after = self.patient.state.phase
        if after is Phase.QUESTION_2 and phase is not Phase.QUESTION_2:
            assert (self.patient.state.visit, "recommend") in self.stored
        if after is Phase.THANKS and phase is not Phase.THANKS:
            assert any(visit == self.patient.state.visit for visit, _ in self.stored)

    @rule(who=st.sampled_from(["ana", "ben", None]))
    def choose(self, who: str | None) -> None:
        self.visits += 1
        self._do(events.Chosen(who, f"visit-{self.visits}"))

    @rule(value=st.sampled_from(["yes", "no", "hard_to_say", "maybe", 3]))
    def answer(self, value: Value) -> None:
        self._do(events.Answered(value))

    @rule(valid=st.booleans())
    def number(self, valid: bool) -> None:
        self._do(events.NumberOffered(valid))

    @rule()
    def send(self) -> None:
        self._do(events.ContactSent(PHONE, COMMENT))

    @rule(
        event=st.sampled_from(
            [
                events.Touched(),
                events.CommentDone(),
                events.WentBack(),
                events.Left(),
                events.Preferred(language="en"),
                events.Preferred(contrast=True),
                events.Approached(),
            ]
        )
    )
    def other(self, event: events.Event) -> None:
        self._do(event)

    @rule(ms=st.integers(0, 70_000))
    def wait(self, ms: int) -> None:
        self._do(events.Ticked(), ms)

    @precondition(lambda self: self.under_way is not None)
    @rule(stored=st.booleans())
    def disk(self, stored: bool) -> None:
        effect = self.under_way
        assert effect is not None
        self.under_way = None
        if stored:
            what = effect.question if isinstance(effect, events.StoreAnswer) else "contact"
            kind = "recommend" if what.startswith("recommend") else what
            assert (effect.visit, kind) not in self.stored, "nothing is stored twice"
            self.stored.add((effect.visit, kind))
        self._do((events.Stored if stored else events.NotStored)(effect.visit))

    @invariant()
    def no_state_keeps_what_was_typed(self) -> None:
        kept = repr(self.patient.state)
        assert PHONE not in kept
        assert COMMENT not in kept

    @invariant()
    def waiting_remembers_nobody(self) -> None:
        state = self.patient.state
        if state.phase is Phase.WAITING:
            assert (state.visit, state.employee, state.storing, state.outcome) == (None,) * 4

    @invariant()
    def everything_but_waiting_ends(self) -> None:
        assert self.patient.state.phase is Phase.WAITING or self.patient.state.ends_ms is not None


TestAnyPatient = AnyPatient.TestCase
