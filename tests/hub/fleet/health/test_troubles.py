"""What is wrong with a terminal, whether somebody must go there, and how it is said."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.core.languages import read_languages
from hub.core.texts import speaking
from hub.fleet.health.alerting import AGAIN_WITHIN_MS, WARNING_LASTS_MS, Standing, changes
from hub.fleet.health.troubles import (
    ASKS_ANEW_MS,
    GONE_AFTER_MS,
    RENEWAL_LATE_MS,
    STALE_MS,
    VISIT_AFTER_MS,
    Fact,
    Level,
    Seen,
    Trouble,
    level,
    troubles,
)
from hub.fleet.health.words import ADVICE, UNITS, said, summary, unit_name

NOW = 10**12
HERE = Seen(online=True, stopped=False, refused=0, last_seen_ms=NOW, reported_ms=NOW)
GONE = Seen(online=False, stopped=False, refused=0, last_seen_ms=NOW, reported_ms=NOW)


def fact(check: str, status: str = "failure", reason: str = "", ago_ms: int = 0) -> Fact:
    return Fact(check, status, reason, "In English.", NOW - ago_ms, NOW - ago_ms)


def levels(seen: Seen, *facts: Fact, after_ms: int = 0) -> tuple[list[str], Level]:
    found = troubles(seen, facts, NOW + after_ms)
    return [trouble.check for trouble in found], level(seen, found)


def test_who_has_to_do_something() -> None:
    camera = fact("camera", reason="lost")
    assert levels(HERE, fact("disk", "ok")) == ([], Level.WELL)
    assert levels(HERE, fact("disk", "warning", "full")) == (["disk"], Level.WATCH)
    assert levels(HERE, fact("disk", reason="full")) == (["disk"], Level.ACT)
    assert levels(HERE, camera) == (["camera"], Level.VISIT)
    assert levels(HERE, fact("camera", reason="blind")) == (["camera"], Level.ACT)
    assert levels(HERE, fact("disk"), fact("panel:a", reason="stuck")) == (
        ["panel:a", "disk"],
        Level.VISIT,
    )
    stopped = Seen(online=True, stopped=True, refused=2, last_seen_ms=NOW)
    assert levels(stopped) == (["identity", "outbox"], Level.VISIT)


def test_a_terminal_that_is_gone_is_given_time() -> None:
    seen = [levels(GONE, after_ms=ms)[1] for ms in (0, GONE_AFTER_MS, VISIT_AFTER_MS)]
    assert seen == [Level.WATCH, Level.ACT, Level.VISIT]
    new = Seen(online=False, stopped=False, refused=0, last_seen_ms=None)
    assert levels(new) == ([], Level.AWAITED)


def test_one_that_was_shut_out_has_a_state_of_its_own() -> None:
    out = Seen(online=False, stopped=False, refused=3, last_seen_ms=NOW, shut_out=True)
    found = levels(out, fact("camera", reason="lost"), after_ms=VISIT_AFTER_MS)
    assert found == ([], Level.SHUT_OUT), "nothing that its checks said before counts"
    well, shut_out = (Level.WELL, []), (Level.SHUT_OUT, [])
    assert summary([shut_out, well], tonight=False) == "The only one works; 1 is shut out."
    assert summary([shut_out, shut_out], tonight=False) == "2 are shut out."
    assert set(ADVICE) == {Level.AWAITED, Level.SHUT_OUT}, "the others have troubles that say it"


def test_a_terminal_that_asks_with_a_key_that_is_no_good_is_still_on() -> None:
    out = replace(GONE, shut_out=True, turned_away_ms=NOW)
    assert levels(out, after_ms=ASKS_ANEW_MS - 1) == (["admission"], Level.SHUT_OUT)
    assert levels(out, after_ms=ASKS_ANEW_MS) == ([], Level.SHUT_OUT)
    (still_on,) = troubles(out, [], NOW)
    (predecessor,) = troubles(replace(HERE, turned_away_ms=NOW), [], NOW)
    assert said(still_on) == "it is still switched on, and asks in vain to be let in"
    assert said(predecessor).startswith("the terminal that was here before is still switched on")


def test_a_certificate_that_is_not_renewed_is_told_before_it_ends() -> None:
    seen = replace(HERE, certificate_until_ms=NOW + RENEWAL_LATE_MS)
    assert levels(seen) == ([], Level.WELL)
    assert levels(seen, after_ms=1) == (["certificate"], Level.WATCH)
    assert levels(seen, after_ms=RENEWAL_LATE_MS) == (["certificate"], Level.ACT)
    assert levels(replace(seen, shut_out=True), after_ms=RENEWAL_LATE_MS)[0] == []


def test_a_check_that_fell_silent_beside_others_is_none_any_more() -> None:
    gone = fact("camera", reason="lost", ago_ms=STALE_MS + 1)
    assert levels(HERE, gone, fact("disk", "ok")) == ([], Level.WELL)
    assert levels(HERE, fact("camera", reason="lost", ago_ms=STALE_MS))[1] is Level.VISIT


def test_only_what_is_well_waits() -> None:
    assert level(HERE, [], waits=True) is Level.WAITING
    assert level(HERE, troubles(HERE, [fact("disk")], NOW), waits=True) is Level.ACT


def test_a_fleet_is_said_in_one_sentence() -> None:
    camera = troubles(HERE, [fact("camera", reason="lost")], NOW)
    fleet = [(Level.WELL, [])] * 36 + [(Level.WAITING, [])] * 3 + [(Level.VISIT, camera)]
    assert (
        summary(fleet, tonight=True)
        == "39 of 40 work; 3 wait for tonight; 1 needs a visit: the camera is unplugged."
    )
    assert summary([(Level.WELL, [])], tonight=False) == "The only one works."
    assert summary([(Level.WELL, [])] * 2, tonight=False) == "All 2 work."
    disk = troubles(HERE, [fact("disk", reason="full")], NOW)
    card = troubles(HERE, [fact("card", reason="worn")], NOW)
    several = [(Level.ACT, disk)] * 2 + [(Level.VISIT, camera), (Level.VISIT, card)]
    assert summary([*several, (Level.AWAITED, []), (Level.WAITING, [])], tonight=False) == (
        "1 of 6 works; 1 waits for its update; 1 was never started; "
        "2 need attention: its disk is nearly full (2); "
        "2 need a visit: the camera is unplugged, its memory card is worn out."
    )


def test_units_are_said_in_the_readers_language() -> None:
    with speaking(read_languages().known["ru"]):
        assert unit_name("per hour") == "в час"
        assert unit_name("messages") == "в очереди"
        assert all(unit_name(unit) != unit for unit in UNITS)
        assert (unit_name("lux"), unit_name(None)) == ("lux", "")


def test_every_language_says_it_and_what_is_unknown_is_said_in_the_terminals_words() -> None:
    camera = Trouble("camera", "failure", "lost", NOW)
    sentences = set()
    for language in read_languages().known.values():
        with speaking(language):
            sentences.add(said(camera))
    assert len(sentences) == 4
    assert said(Trouble("panel:desk", "failure", "stuck", NOW)) == "a button is stuck (desk)"
    assert said(Trouble("smell", "failure", "bad", NOW, detail="It smells.")) == "It smells."
    assert said(Trouble("camera", "failure", "of-2031", NOW)) == "the camera does not see"


def warning(since_ms: int = NOW) -> Trouble:
    return Trouble("disk", "warning", "full", since_ms)


FAILURE = Trouble("disk", "failure", "full", NOW)


def deeds(found: list[Trouble], latest: Standing | None, now_ms: int = NOW) -> list[str]:
    known = {} if latest is None else {"disk": latest}
    return [change.deed for change in changes(found, known, now_ms)]


def test_a_failure_is_told_at_once_and_a_warning_when_it_lasts() -> None:
    assert deeds([FAILURE], None) == ["raise"]
    assert deeds([warning()], None, NOW + WARNING_LASTS_MS - 1) == []
    assert deeds([warning()], None, NOW + WARNING_LASTS_MS) == ["raise"]


def test_an_alert_ends_by_itself_and_is_not_told_twice() -> None:
    standing = Standing(1, "failure", "full", None)
    assert deeds([FAILURE], standing) == []
    assert deeds([warning()], standing) == [], "better, and not over"
    assert deeds([], standing) == ["end"]
    assert deeds([], Standing(1, "failure", "full", NOW)) == []


def test_what_comes_again_soon_is_the_same_and_later_or_worse_is_news() -> None:
    ended = Standing(1, "failure", "full", NOW)
    assert deeds([FAILURE], ended, NOW + AGAIN_WITHIN_MS - 1) == ["return"]
    assert deeds([FAILURE], ended, NOW + AGAIN_WITHIN_MS) == ["raise"]
    mild = Standing(1, "warning", "full", NOW)
    assert deeds([FAILURE], mild, NOW + 1) == ["raise"]
    assert deeds([FAILURE], Standing(1, "warning", "full", None)) == ["worsen"]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 20 * 60_000)), max_size=40))
def test_whatever_flaps_there_is_one_alert_at_a_time_and_few_in_all(
    steps: list[tuple[bool, int]],
) -> None:
    now_ms, standing, raised = NOW, None, 0
    for bad, wait_ms in steps:
        now_ms += wait_ms
        found = [Trouble("disk", "failure", "full", now_ms)] if bad else []
        for change in changes(found, {} if standing is None else {"disk": standing}, now_ms):
            raised += change.deed == "raise"
            number = raised if change.deed == "raise" else standing.id if standing else 0
            standing = Standing(number, "failure", "", now_ms if change.deed == "end" else None)
        assert (standing is not None and standing.ended_ms is None) == bad
    assert raised <= 1, "never an hour without it"
