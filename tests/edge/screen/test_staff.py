"""The staff's corner: PIN with back-off, cleaning, and who may do what."""

from hypothesis import given
from hypothesis import strategies as st

from edge.screen import staff
from edge.screen.pin import hash_pin, is_right, own_pin


def test_the_pin_opens_and_time_closes():
    corner = staff.hold(staff.Corner(), 0)
    assert corner.place == "pin"
    corner = staff.tried(corner, 1, right=True)
    assert corner.place == "open"
    assert staff.tick(corner, staff.OPEN_MS).place == "open"
    assert staff.tick(corner, staff.OPEN_MS + 1).place == "closed"


def test_wrong_pins_are_answered_ever_more_slowly_and_leaving_does_not_help():
    corner, now, waits = staff.Corner(), 0, []
    for _ in range(8):
        corner = staff.hold(corner, now)
        assert staff.may_try(corner, now)
        corner = staff.tried(corner, now, right=False)
        waits.append(max(0, corner.blocked_until_ms - now))
        now = max(now, corner.blocked_until_ms)
        corner = staff.act(corner, "leave", now)
    assert waits == [0, 0, 30_000, 60_000, 120_000, 240_000, 480_000, 960_000]


def test_nothing_is_looked_at_while_blocked():
    corner = staff.Corner(place="pin", blocked_until_ms=500)
    assert not staff.may_try(corner, 499)
    assert staff.may_try(corner, 500)


def test_cleaning_takes_no_touch_for_thirty_seconds():
    corner = staff.act(staff.Corner(place="open"), "clean", 0)
    for act in ("learn", "back", "leave", "brighter"):
        assert staff.act(staff.touched(corner, 1), act, 1) == corner
    assert staff.seconds_left(corner, 1) == 30
    assert staff.tick(corner, 29_999).place == "cleaning"
    assert staff.tick(corner, 30_000).place == "closed"


ACTS = st.sampled_from(["learn", "clean", "brighter", "darker", "back", "leave"])


@given(st.lists(st.tuples(ACTS, st.integers(0, 200_000), st.booleans())))
def test_without_the_pin_no_act_opens_anything(steps):
    corner, now = staff.hold(staff.Corner(), 0), 0
    for act, wait, touch in steps:
        now += wait
        corner = staff.tick(corner, now)
        corner = staff.act(staff.touched(corner, now) if touch else corner, act, now)
        assert corner.place in ("pin", "closed")


@given(st.lists(st.sampled_from(["brighter", "darker"]), max_size=30))
def test_the_screen_is_never_black(acts):
    corner = staff.Corner(place="open")
    for act in acts:
        corner = staff.act(corner, act, 0)
        assert corner.brightness in staff.BRIGHTNESS


def test_a_hash_fits_its_pin_alone():
    pin_hash = hash_pin("493817")
    assert is_right("493817", pin_hash)
    assert not is_right("493818", pin_hash)
    assert "493817" not in pin_hash
    for broken in ("", "scrypt$zz$00", "plain$493817$493817", "scrypt$00"):
        assert not is_right("493817", broken)


def test_the_terminals_own_pin_stays_and_is_private(tmp_path):
    pin = own_pin(tmp_path)
    assert len(pin) == 6
    assert own_pin(tmp_path) == pin
    assert (tmp_path / "staff-pin").stat().st_mode & 0o077 == 0
