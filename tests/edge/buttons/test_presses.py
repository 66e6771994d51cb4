import dataclasses
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from edge.buttons.port import Contact, PanelFact
from edge.buttons.presses import (
    SECOND,
    Alert,
    Bounce,
    Outcome,
    Pressed,
    PressPolicy,
    PressRules,
    Reflag,
)

MS = 1_000_000
HOLD = 80 * MS


def play(presses, panel="p", **rules) -> list[Outcome]:
    """Outcomes of presses given as (second, button), each held 80 ms."""
    state = PressRules(**rules)
    return [
        outcome
        for second, button in presses
        for down, at_ns in ((True, int(second * SECOND)), (False, int(second * SECOND) + HOLD))
        for outcome in state.contact(Contact(panel, button, down, at_ns))
    ]


def flags(outcomes) -> dict[int, set[str]]:
    """Flags of each press by number, later re-flags included."""
    told: dict[int, set[str]] = {}
    for outcome in outcomes:
        if isinstance(outcome, Pressed):
            told[outcome.number] = set(outcome.flags)
        elif isinstance(outcome, Reflag):
            for number in outcome.presses:
                assert outcome.flag not in told[number], "a flag is given once"
                told[number].add(outcome.flag)
    return told


def test_one_press_has_no_flags():
    assert play([(1, 3)]) == [Pressed(1, "p", 3, SECOND, frozenset())]


def test_within_five_seconds_is_repeat():
    assert flags(play([(0, 1), (5, 1)])) == {1: set(), 2: {"repeat"}}
    assert flags(play([(0, 1), (5.001, 1)])) == {1: set(), 2: set()}
    assert flags(play([(0, 1), (3, 2)])) == {1: set(), 2: {"repeat"}}


def test_repeat_counts_from_the_previous_press_though_it_was_one_itself():
    assert flags(play([(0, 1), (4, 1), (8, 1)]))[3] == {"repeat"}


def test_panels_do_not_disturb_each_other():
    rules = PressRules()
    told = [
        rules.contact(Contact(panel, 1, True, at * SECOND))
        for at, panel in enumerate(["a", "b", "c", "d", "e"])
    ]
    assert all(outcome.flags == frozenset() for [outcome] in told)


def test_four_presses_in_ten_seconds_are_play_and_the_earlier_ones_are_named():
    outcomes = play([(0, 1), (3, 1), (6, 1), (10, 1)])
    assert Reflag("p", (1, 2, 3), "play") in outcomes
    assert all("play" in told for told in flags(outcomes).values())


def test_four_presses_in_more_than_ten_seconds_are_not():
    assert not any("play" in t for t in flags(play([(0, 1), (3, 1), (6, 1), (10.1, 1)])).values())


def test_three_different_buttons_in_ten_seconds_are_play():
    outcomes = play([(0, 1), (5, 2), (10, 3)])
    assert Reflag("p", (1, 2), "play") in outcomes
    assert "play" in flags(outcomes)[3]


def test_two_different_buttons_are_not():
    assert not any("play" in told for told in flags(play([(0, 1), (5, 2), (10, 1)])).values())


def test_a_burst_that_goes_on_names_nobody_twice():
    outcomes = play([(second, 1) for second in range(8)])
    assert [o for o in outcomes if isinstance(o, Reflag)] == [Reflag("p", (1, 2, 3), "play")]
    assert all("play" in told for told in flags(outcomes).values())


def test_after_a_burst_an_ordinary_press_is_ordinary():
    outcomes = play([(0, 1), (1, 1), (2, 1), (3, 1), (30, 2)])
    assert flags(outcomes)[5] == set()


def test_more_than_eight_a_minute_is_a_storm_with_one_alert():
    outcomes = play([(second * 6, 1) for second in range(13)])
    told = flags(outcomes)
    assert [n for n, given in told.items() if "storm" in given] == [9, 10, 11, 12, 13]
    assert [o for o in outcomes if isinstance(o, Alert)] == [Alert("p", 48 * SECOND)]


def test_eight_a_minute_are_none():
    assert not any("storm" in t for t in flags(play([(s * 7, 1) for s in range(8)])).values())


def test_a_second_storm_alerts_again():
    storm = [second * 6 for second in range(9)]
    outcomes = play([(s, 1) for s in [*storm, *(600 + s for s in storm)]])
    assert len([o for o in outcomes if isinstance(o, Alert)]) == 2


def test_opening_hours_are_asked_for_the_moment_of_the_press():
    open_until_ten = lambda at_ns: at_ns < 10 * SECOND  # noqa: E731
    told = flags(play([(5, 1), (15, 1)], is_open=open_until_ten))
    assert told == {1: set(), 2: {"out_of_hours"}}


def test_without_a_trusted_clock_nothing_is_out_of_hours():
    assert flags(play([(5, 1)], is_open=lambda _: None)) == {1: set()}


def test_chatter_is_one_press_and_is_counted():
    rules = PressRules()
    edges = [(0, True), (2, False), (5, True), (6, False), (9, True), (300, False), (304, True)]
    outcomes = [o for ms, down in edges for o in rules.contact(Contact("p", 1, down, ms * MS))]
    assert [type(outcome) for outcome in outcomes] == [Pressed, Bounce, Bounce, Bounce]


def test_thirty_milliseconds_after_the_last_edge_is_a_press():
    rules = PressRules()
    rules.contact(Contact("p", 1, True, 0))
    rules.contact(Contact("p", 1, False, HOLD))
    assert isinstance(rules.contact(Contact("p", 1, True, HOLD + 30 * MS))[0], Pressed)


def test_another_button_at_the_same_moment_is_no_bounce():
    rules = PressRules()
    assert isinstance(rules.contact(Contact("p", 1, True, 0))[0], Pressed)
    assert isinstance(rules.contact(Contact("p", 2, True, 1 * MS))[0], Pressed)


def test_a_release_lost_on_the_way_hides_no_press():
    rules = PressRules()
    rules.contact(Contact("p", 1, True, 0))
    assert isinstance(rules.contact(Contact("p", 1, True, 20 * SECOND))[0], Pressed)


def test_held_too_long_is_stuck_once_and_mended_when_it_comes_up():
    rules = PressRules()
    rules.contact(Contact("p", 2, True, 0))
    assert rules.tick(60 * SECOND) == []
    assert rules.tick(61 * SECOND) == [PanelFact("p", "stuck", "Button 2 has been down for 61 s.")]
    assert rules.tick(600 * SECOND) == []
    assert rules.contact(Contact("p", 2, False, 601 * SECOND)) == [
        PanelFact("p", "mended", "Button 2 came up.")
    ]
    assert rules.tick(700 * SECOND) == []


def test_chatter_while_held_does_not_restart_the_time():
    rules = PressRules()
    for ms, down in [(0, True), (30_000, False), (30_005, True)]:
        rules.contact(Contact("p", 1, down, ms * MS))
    assert [fact.kind for fact in rules.tick(61 * SECOND)] == ["stuck"]


def test_a_released_button_is_never_stuck():
    rules = PressRules()
    rules.contact(Contact("p", 1, True, 0))
    rules.contact(Contact("p", 1, False, HOLD))
    assert rules.tick(1_000 * SECOND) == []


def test_a_contact_read_late_does_not_run_backwards():
    rules = PressRules()
    rules.contact(Contact("p", 1, True, 10 * SECOND))
    [pressed] = rules.contact(Contact("p", 2, True, 9 * SECOND))
    assert (pressed.at_ns, pressed.flags) == (10 * SECOND, {"repeat"})


def test_the_policy_decides():
    policy = PressPolicy(repeat_ns=SECOND, stuck_ns=5 * SECOND, play_presses=2)
    assert flags(play([(0, 1), (5, 1)], policy=policy)) == {1: {"play"}, 2: {"play"}}


presses = st.lists(
    st.tuples(
        st.sampled_from(["p", "q"]),
        st.integers(1, 5),
        st.booleans(),
        st.integers(0, 20 * SECOND),
    ),
    max_size=60,
).map(
    lambda edges: [
        Contact(panel, button, down, sum(gap for *_, gap in edges[: i + 1]))
        for i, (panel, button, down, _) in enumerate(edges)
    ]
)


def judge(contacts, **rules) -> list[Outcome]:
    state = PressRules(**rules)
    return [outcome for contact in contacts for outcome in state.contact(contact)]


def signature(outcomes) -> list[object]:
    """Everything but which button it was."""
    return [
        dataclasses.replace(outcome, button=0)
        if isinstance(outcome, Pressed | Bounce)
        else (outcome.panel, outcome.kind)
        if isinstance(outcome, PanelFact)
        else outcome
        for outcome in outcomes
    ]


@given(presses, st.permutations([1, 2, 3, 4, 5]))
def test_what_the_buttons_mean_changes_no_flag(contacts, meaning):
    swapped = [dataclasses.replace(c, button=meaning[c.button - 1]) for c in contacts]
    assert signature(judge(contacts)) == signature(judge(swapped))


@given(presses)
def test_every_down_edge_is_a_press_or_a_counted_bounce(contacts):
    told = [outcome for outcome in judge(contacts) if isinstance(outcome, Pressed | Bounce)]
    assert [(o.panel, o.button, o.at_ns) for o in told] == [
        (c.panel, c.button, c.at_ns) for c in contacts if c.down
    ]


@given(presses)
def test_numbers_have_no_gaps_and_reflags_name_presses_of_their_panel(contacts):
    outcomes = judge(contacts)
    pressed = {o.number: o for o in outcomes if isinstance(o, Pressed)}
    assert list(pressed) == list(range(1, len(pressed) + 1))
    flags(outcomes)
    for outcome in outcomes:
        if isinstance(outcome, Reflag):
            assert {pressed[number].panel for number in outcome.presses} == {outcome.panel}


@given(presses)
def test_flags_agree_with_the_definition(contacts):
    """The same figures from the whole history, without the rules' bounded memory."""
    outcomes = judge(contacts)
    told = flags(outcomes)
    for panel in ("p", "q"):
        history = [o for o in outcomes if isinstance(o, Pressed) and o.panel == panel]
        play_numbers: set[int] = set()
        for i, press in enumerate(history):
            upto = history[: i + 1]
            burst = [p for p in upto if press.at_ns - p.at_ns <= 10 * SECOND]
            if len(burst) >= 4 or len({p.button for p in burst}) >= 3:
                play_numbers |= {p.number for p in burst}
            minute = [p for p in upto if press.at_ns - p.at_ns <= 60 * SECOND]
            assert ("storm" in told[press.number]) == (len(minute) > 8)
        for earlier, later in pairwise(history):
            assert ("repeat" in told[later.number]) == (later.at_ns - earlier.at_ns <= 5 * SECOND)
        assert {p.number for p in history if "play" in told[p.number]} == play_numbers


@given(presses)
def test_the_rules_are_deterministic(contacts):
    assert judge(contacts) == judge(contacts)


def test_memory_does_not_grow_with_presses():
    rules = PressRules()
    for i in range(10_000):
        rules.contact(Contact("p", i % 4, True, i * 40 * MS))
        rules.contact(Contact("p", i % 4, False, i * 40 * MS + 20 * MS))
    [panel] = rules._panels.values()
    assert len(panel.recent) <= 9
    assert len(panel.buttons) == 4
