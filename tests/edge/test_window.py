"""The window of what is under way, against any order of sending, confirming, waiting and rewinding."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edge.window import FIRST_PATIENCE_S, LONGEST_PATIENCE_S, Window

SIZE = 7


class Uplinked(RuleBasedStateMachine):
    """An outbox of positions 1, 2, 3 …, a window over it, and a hub that confirms what it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.window = Window(SIZE)
        self.now_s = 0.0
        self.kept: list[int] = []
        self.minted = 0
        self.sent_at: dict[int, float] = {}

    @rule(count=st.integers(1, 10))
    def append(self, count: int) -> None:
        self.kept += range(self.minted + 1, self.minted + count + 1)
        self.minted += count

    @rule(most=st.integers(1, 5))
    def send(self, most: int) -> None:
        """As the uplink does: the oldest behind the cursor, as many as there is room for."""
        unsent = [position for position in self.kept if position > self.window.cursor]
        chosen = unsent[: min(most, self.window.room)]
        assert all(position not in self.sent_at for position in chosen), "sent twice"
        self.window.sent(chosen, self.now_s)
        self.sent_at.update(dict.fromkeys(chosen, self.now_s))

    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        """In any order, and what has never been sent too: another connection may have sent it."""
        freed = data.draw(st.lists(st.sampled_from(self.kept), unique=True)) if self.kept else []
        self.kept = [position for position in self.kept if position not in freed]
        self.window.confirmed(freed)
        for position in freed:
            self.sent_at.pop(position, None)

    @rule(seconds=st.floats(0, 1000))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    @precondition(lambda self: self.sent_at)
    @rule()
    def look(self) -> None:
        waited = self.now_s - min(self.sent_at.values())
        overdue = self.window.overdue(self.now_s)
        assert overdue or waited < LONGEST_PATIENCE_S
        assert not overdue or waited >= FIRST_PATIENCE_S

    @rule()
    def rewind(self) -> None:
        self.window.rewind()
        self.sent_at.clear()
        assert (self.window.cursor, self.window.room) == (0, SIZE)

    @invariant()
    def never_more_than_its_size_is_under_way(self) -> None:
        assert len(self.sent_at) <= SIZE
        assert self.window.room == SIZE - len(self.sent_at)
        assert self.window.is_empty == (not self.sent_at)

    @invariant()
    def what_is_behind_the_cursor_is_under_way_or_done(self) -> None:
        """So everything is sent, oldest first, and after a rewind everything again."""
        behind = [position for position in self.kept if position <= self.window.cursor]
        assert behind == sorted(self.sent_at)


TestUplinked = Uplinked.TestCase


def test_patience_doubles_to_its_cap() -> None:
    window, now_s, waits = Window(), 0.0, []
    for _ in range(10):
        window.rewind()
        window.sent([1], now_s)
        began = now_s
        while not window.overdue(now_s):
            now_s += 1.0
        waits.append(now_s - began)
    assert waits == [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, 300.0, 300.0]


def test_progress_restores_patience_and_a_confirmation_of_nothing_does_not() -> None:
    window = Window()
    window.sent([1], 0.0)
    assert window.overdue(5.0)
    window.confirmed([99])
    window.rewind()
    window.sent([1, 2], 5.0)
    assert not window.overdue(14.9)
    window.confirmed([1])
    assert window.overdue(14.9)


@given(st.lists(st.floats(0.1, 4.9), min_size=1, max_size=30))
def test_one_lost_message_is_missed_although_others_are_confirmed(gaps: list[float]) -> None:
    """A broker that drops one of many: the steady confirmations of the others must not hide it."""
    window, now_s = Window(), 0.0
    window.sent([1], now_s)
    missed = False
    for position, gap in enumerate(gaps, 2):
        now_s += gap
        missed = missed or window.overdue(now_s)
        window.sent([position], now_s)
        window.confirmed([position])
    assert missed == (sum(gaps) >= FIRST_PATIENCE_S)


def test_nothing_sent_is_never_overdue() -> None:
    window = Window()
    window.sent([], 0.0)
    assert not window.overdue(1e9)
    assert window.cursor == 0
