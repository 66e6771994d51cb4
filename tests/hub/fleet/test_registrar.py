"""What the registrar accepts and what the ledger says of it, through the inbox and on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, func, select

from contract.topics import DeviceAddress
from hub.core import dead_letters
from hub.core.arrivals import Delivery
from hub.core.db import Database
from hub.core.dead_letters import DeadLetterView
from hub.core.inbox import DatabaseUnavailable, Inbox, NotReplayable, Outcome
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, Workplace
from hub.feedback import service as feedback
from hub.feedback.tables import Response
from hub.fleet import service as fleet
from hub.fleet.service import DeviceView, LedgerView
from hub.ingest import make_inbox
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic
from tests.hub.terminal import Terminal

response: Table = Response.__table__  # type: ignore[attr-defined]

ONLY_NORTH = Scope("clinic", frozenset({"north"}))
ONLY_SOUTH = Scope("clinic", frozenset({"south"}))


@pytest.fixture
def terminal(clinic: Clinic) -> Terminal:
    return Terminal(clinic.clock)


def ledgers(clinic: Clinic, scope: Scope = WHOLE) -> dict[tuple[str, int], LedgerView]:
    with clinic.workplace.read() as work:
        return {(view.device, view.epoch): view for view in fleet.ledgers(work, scope)}


def ledger(clinic: Clinic, device: str = "desk-1", epoch: int = 1) -> LedgerView:
    return ledgers(clinic)[device, epoch]


def device(clinic: Clinic, name: str = "desk-1") -> DeviceView:
    with clinic.workplace.read() as work:
        return next(view for view in fleet.devices(work, WHOLE) if view.device == name)


def letters(clinic: Clinic) -> list[DeadLetterView]:
    """The oldest first."""
    with clinic.workplace.read() as work:
        return dead_letters.dead_letters(work, WHOLE)[::-1]


def stored(clinic: Clinic) -> list[tuple[str, int, int]]:
    with clinic.workplace.read() as work:
        return sorted((a.device, a.epoch, a.sequence) for a in feedback.recent(work, WHOLE, 5000))


def enrol(clinic: Clinic, address: DeviceAddress) -> None:
    with clinic.workplace.begin() as work:
        fleet.enrol(work, WHOLE, address)


def release(clinic: Clinic, name: str = "desk-1") -> None:
    with clinic.workplace.begin() as work:
        assert fleet.release(work, WHOLE, name)


def confirmed(outcome: Outcome) -> dict[tuple[str, int], tuple[int, list[tuple[int, int]]]]:
    return {
        (address.device, c.epoch): (c.up_to, [(span.first, span.last) for span in c.also])
        for address, c in outcome.confirmations
    }


def test_new_messages_are_stored_and_confirmed(clinic: Clinic, terminal: Terminal) -> None:
    outcome = clinic.inbox.store(terminal.presses(3))
    assert (outcome.stored, outcome.duplicates, outcome.buried) == (3, 0, 0)
    assert confirmed(outcome) == {("desk-1", 1): (3, [])}
    view = ledger(clinic)
    assert (view.highest, view.contiguous, view.received, view.missing) == (3, 3, 3, ())


def test_a_replay_has_no_effect_and_is_counted(clinic: Clinic, terminal: Terminal) -> None:
    sent = terminal.presses(3)
    clinic.inbox.store(sent)
    again = clinic.inbox.store([sent[1], sent[2], sent[1]])
    assert (again.stored, again.duplicates) == (0, 3)
    assert confirmed(again) == {("desk-1", 1): (3, [])}
    assert len(stored(clinic)) == 3
    view = ledger(clinic)
    assert (view.received, view.duplicates, view.forks) == (3, 3, 0)


def test_a_message_twice_in_one_batch_is_stored_once(clinic: Clinic, terminal: Terminal) -> None:
    sent = terminal.press()
    outcome = clinic.inbox.store([sent, replace(sent)])
    assert (outcome.stored, outcome.duplicates) == (1, 1)
    assert stored(clinic) == [("desk-1", 1, 1)]


def test_a_gap_is_missing_until_it_is_healed(clinic: Clinic, terminal: Terminal) -> None:
    sent = terminal.presses(9)
    outcome = clinic.inbox.store([sent[8], sent[0], sent[4], sent[1], sent[5]])
    assert confirmed(outcome) == {("desk-1", 1): (2, [(5, 6), (9, 9)])}
    view = ledger(clinic)
    assert (view.highest, view.missing, view.missing_count) == (9, ((3, 4), (7, 8)), 4)
    clinic.inbox.store([sent[7], sent[2]])
    assert ledger(clinic).missing == ((4, 4), (7, 7))
    healed = clinic.inbox.store([sent[3], sent[6]])
    assert confirmed(healed) == {("desk-1", 1): (9, [])}
    assert ledger(clinic).missing == ()


def test_what_a_live_state_says_was_minted_is_missing_until_it_comes(
    clinic: Clinic, terminal: Terminal
) -> None:
    sent = terminal.presses(4)
    clinic.inbox.store([sent[0], terminal.state(highest=4)])
    assert ledger(clinic).missing == ((2, 4),)
    clinic.inbox.store(sent)
    assert ledger(clinic).missing == ()


def test_a_state_is_answered_with_what_is_stored(clinic: Clinic, terminal: Terminal) -> None:
    clinic.inbox.store(terminal.presses(4))
    assert confirmed(clinic.inbox.store([terminal.state()])) == {("desk-1", 1): (4, [])}


def test_dropped_telemetry_is_accounted_for(clinic: Clinic, terminal: Terminal) -> None:
    first, *telemetry = [terminal.press(), *(terminal.presence() for _ in range(4))]
    report = terminal.dropped((2, 4))
    clinic.inbox.store([first])
    outcome = clinic.inbox.store([report, telemetry[3]])
    assert confirmed(outcome) == {("desk-1", 1): (6, [])}
    view = ledger(clinic)
    assert (view.received, view.dropped_count, view.missing) == (3, 3, ())


def test_a_replayed_report_of_drops_counts_once(clinic: Clinic, terminal: Terminal) -> None:
    terminal.sequence = 5
    report = terminal.dropped((1, 5))
    clinic.inbox.store([report])
    clinic.inbox.store([report])
    assert (ledger(clinic).dropped_count, ledger(clinic).contiguous) == (5, 6)


def test_drops_of_an_earlier_epoch_are_accounted_there(clinic: Clinic, terminal: Terminal) -> None:
    clinic.inbox.store(terminal.presses(2))
    reborn = Terminal(clinic.clock, epoch=2)
    clinic.inbox.store([reborn.dropped((3, 7), epoch=1)])
    assert (ledger(clinic, epoch=1).contiguous, ledger(clinic, epoch=1).dropped_count) == (7, 5)
    assert ledger(clinic, epoch=2).contiguous == 1


@pytest.mark.parametrize("together", [True, False])
def test_a_number_with_another_content_stops_the_device(
    clinic: Clinic, terminal: Terminal, together: bool
) -> None:
    twin = Terminal(clinic.clock)
    real, copy = terminal.presses(3), [twin.press(value="negative") for _ in range(4)]
    if together:
        outcome = clinic.inbox.store([real[0], copy[0], copy[3]])
        assert (outcome.stored, outcome.buried, stored(clinic)) == (0, 3, [])
    else:
        clinic.inbox.store(real)
        outcome = clinic.inbox.store(copy)
        assert (outcome.stored, outcome.buried, len(stored(clinic))) == (0, 4, 3)
    assert device(clinic).status == "stopped"
    assert ledger(clinic).forks == (1 if together else 3)
    assert [letter.kind for letter in letters(clinic)] == ["fork"] * outcome.buried
    ((_, confirmation),) = outcome.confirmations
    assert (confirmation.up_to, confirmation.also, confirmation.stopped) == (0, [], "fork")


def test_a_stopped_device_is_heard_but_nothing_of_it_is_stored_or_confirmed(
    clinic: Clinic, terminal: Terminal
) -> None:
    sent = terminal.presses(3)
    clinic.inbox.store([sent[0], Terminal(clinic.clock).press(value="negative")])
    outcome = clinic.inbox.store(sent[1:])
    assert (outcome.stored, outcome.buried) == (0, 2)
    ((_, confirmation),) = outcome.confirmations
    assert (confirmation.up_to, confirmation.stopped) == (0, "fork")
    assert {sent[1].payload, sent[2].payload} <= {letter.payload for letter in letters(clinic)}


def test_another_device_is_not_stopped_with_it(clinic: Clinic, terminal: Terminal) -> None:
    other = Terminal(clinic.clock, SOUTH)
    fork = Terminal(clinic.clock).press(value="negative")
    outcome = clinic.inbox.store([terminal.press(), fork, other.press()])
    assert stored(clinic) == [("desk-2", 1, 1)]
    assert confirmed(outcome)["desk-2", 1] == (1, [])


def test_an_unknown_device_is_kept_apart_until_it_is_enrolled(clinic: Clinic) -> None:
    stranger = Terminal(clinic.clock, DeviceAddress("clinic", "north", "stranger"))
    sent = stranger.presses(2)
    outcome = clinic.inbox.store(sent)
    assert (outcome.stored, outcome.buried, outcome.confirmations) == (0, 2, [])
    assert [letter.kind for letter in letters(clinic)] == ["unknown_device"] * 2
    enrol(clinic, stranger.at)
    assert confirmed(clinic.inbox.store(sent)) == {("stranger", 1): (2, [])}
    for letter in letters(clinic):
        clinic.inbox.replay(WHOLE, letter.id)
    assert stored(clinic) == [("stranger", 1, 1), ("stranger", 1, 2)]
    assert {letter.state for letter in letters(clinic)} == {"replayed"}


def test_a_letter_of_a_device_that_is_not_enrolled_stays(clinic: Clinic) -> None:
    stranger = Terminal(clinic.clock, DeviceAddress("clinic", "north", "stranger"))
    clinic.inbox.store([stranger.press()])
    (letter,) = letters(clinic)
    with pytest.raises(NotReplayable, match="not enrolled"):
        clinic.inbox.replay(WHOLE, letter.id)
    assert [letter.state for letter in letters(clinic)] == ["waiting"]


def test_a_device_does_not_speak_for_another_facility(clinic: Clinic) -> None:
    astray = Terminal(clinic.clock, DeviceAddress("clinic", "south", "desk-1"))
    outcome = clinic.inbox.store([astray.press(), astray.state(instance=2)])
    assert (outcome.stored, outcome.confirmations) == (0, [])
    assert [letter.kind for letter in letters(clinic)] == ["wrong_address"]
    assert not device(clinic).online


def test_a_device_that_moves_takes_its_ledger_along(clinic: Clinic, terminal: Terminal) -> None:
    sent = terminal.presses(2)
    clinic.inbox.store([*sent, terminal.health()])
    moved = DeviceAddress("clinic", "south", "desk-1")
    enrol(clinic, moved)
    there = Terminal(clinic.clock, moved)
    there.sequence = 3
    outcome = clinic.inbox.store([there.press()])
    assert confirmed(outcome) == {("desk-1", 1): (4, [])}
    assert set(ledgers(clinic, ONLY_SOUTH)) == {("desk-1", 1)}
    assert ledgers(clinic, ONLY_NORTH) == {}
    with clinic.workplace.read() as work:
        assert [fact.device for fact in fleet.health(work, ONLY_SOUTH)] == ["desk-1"]
        assert fleet.health(work, ONLY_NORTH) == []
        answers = feedback.recent(work, ONLY_NORTH)
    assert [a.sequence for a in answers] == [2, 1]  # what was said in the north was said there


def test_a_run_that_comes_back_after_another_is_a_clone(clinic: Clinic, terminal: Terminal) -> None:
    clinic.inbox.store([terminal.state(instance=1), terminal.state(instance=2)])
    assert device(clinic).status == "active"
    ((_, confirmation),) = clinic.inbox.store([terminal.state(instance=1)]).confirmations
    assert device(clinic).status == "stopped"
    assert confirmation.stopped == "fork"
    release(clinic)
    clinic.inbox.store([terminal.state(instance=1), terminal.state(instance=3)])
    assert device(clinic).status == "active"


def test_what_the_broker_had_kept_is_no_run_that_comes_back(
    clinic: Clinic, terminal: Terminal
) -> None:
    clinic.inbox.store([terminal.state(instance=1), terminal.state(instance=2)])
    clinic.inbox.store([terminal.state(instance=1, retained=True)])
    assert device(clinic).status == "active"


def test_the_will_of_an_earlier_run_does_not_take_the_present_one_offline(
    clinic: Clinic, terminal: Terminal
) -> None:
    clinic.inbox.store([terminal.state(instance=1), terminal.state(instance=2)])
    clinic.inbox.store([terminal.state(instance=1, online=False)])
    assert device(clinic).online
    clinic.inbox.store([terminal.state(instance=2, online=False)])
    assert not device(clinic).online


def test_forks_are_readmitted_into_a_stream_of_their_own(
    clinic: Clinic, terminal: Terminal
) -> None:
    twin = Terminal(clinic.clock)
    twin.reboot(99)
    real, copy = terminal.presses(4), [twin.press(value="negative") for _ in range(3)]
    clinic.inbox.store([*real[:3], copy[2]])
    clinic.inbox.store([copy[0], real[3], copy[1]])
    waiting = letters(clinic)
    with pytest.raises(NotReplayable, match="two terminals use its identity"):
        clinic.inbox.replay(WHOLE, waiting[0].id)
    release(clinic)
    clinic.inbox.store(real)
    for letter in waiting:
        clinic.inbox.replay(WHOLE, letter.id)
        with pytest.raises(NotReplayable, match="already"):
            clinic.inbox.replay(WHOLE, letter.id)
    assert device(clinic).status == "active"
    assert [(d, n) for d, epoch, n in stored(clinic) if epoch == 1] == [
        ("desk-1", 1), ("desk-1", 2), ("desk-1", 3), ("desk-1", 4)
    ]  # fmt: skip
    assert len([epoch for _, epoch, _ in stored(clinic) if epoch != 1]) == 3
    assert [view.missing for view in ledgers(clinic).values()] == [()] * 4


def test_what_a_released_terminal_says_under_its_twins_numbers_is_kept_apart(
    clinic: Clinic, terminal: Terminal
) -> None:
    """The twin was heard first, so that the rightful one's numbers are taken by another content."""
    twin = Terminal(clinic.clock)
    twin.reboot(99)
    copies, real = [twin.press(value="negative") for _ in range(3)], terminal.presses(5)
    clinic.inbox.store(copies)
    clinic.inbox.store(real[:1])
    release(clinic)
    outcome = clinic.inbox.store([terminal.state(instance=1), *real, real[0]])
    assert (outcome.stored, outcome.buried, outcome.duplicates) == (5, 0, 1)
    assert confirmed(outcome)["desk-1", 1] == (5, [])
    assert device(clinic).status == "active"
    (letter,) = letters(clinic)
    clinic.inbox.replay(WHOLE, letter.id)
    assert clinic.inbox.store(real).stored == 0
    assert [n for _, epoch, n in stored(clinic) if epoch == 1] == [1, 2, 3, 4, 5]
    assert len(stored(clinic)) == 3 + 5
    assert [view.missing for view in ledgers(clinic).values()] == [()] * 4


def test_a_twin_that_comes_back_after_the_release_is_stopped(
    clinic: Clinic, terminal: Terminal
) -> None:
    twin = Terminal(clinic.clock)
    twin.reboot(99)
    clinic.inbox.store(terminal.presses(2))
    clinic.inbox.store([twin.press(value="negative")])
    release(clinic)
    clinic.inbox.store([terminal.state(instance=1), terminal.press()])
    assert device(clinic).status == "active"
    clinic.inbox.store([twin.state(instance=2), twin.press(value="negative")])
    assert device(clinic).status == "stopped"


def test_a_replayed_fork_takes_no_number_that_the_first_terminal_may_give(
    clinic: Clinic, terminal: Terminal
) -> None:
    """The twin was the busier one: its numbers go beyond those that the first has given so far."""
    twin = Terminal(clinic.clock)
    twin.reboot(99)
    real, copies = terminal.presses(3), [twin.press(value="negative") for _ in range(5)]
    clinic.inbox.store(real)
    clinic.inbox.store(copies)
    release(clinic)
    for letter in letters(clinic):
        clinic.inbox.replay(WHOLE, letter.id)
    clinic.inbox.store(terminal.presses(2))
    assert device(clinic).status == "active"
    assert [n for _, epoch, n in stored(clinic) if epoch == 1] == [1, 2, 3, 4, 5]
    assert len({epoch for _, epoch, _ in stored(clinic) if epoch != 1}) == 5


def test_a_fork_is_not_replayed_while_the_terminal_may_still_send_it(
    clinic: Clinic, terminal: Terminal
) -> None:
    twin = Terminal(clinic.clock)
    twin.reboot(99)
    real, copy = terminal.presses(2), twin.press(value="negative")
    for delivery in (real[0], copy, real[1]):
        clinic.inbox.store([delivery])
    release(clinic)
    clinic.inbox.store([terminal.state(pending=1)])
    own = next(letter for letter in letters(clinic) if letter.payload == real[1].payload)
    with pytest.raises(NotReplayable, match="still holds"):
        clinic.inbox.replay(WHOLE, own.id)
    clinic.inbox.store([real[1], terminal.state(pending=0)])
    clinic.inbox.replay(WHOLE, own.id)
    assert [n for _, epoch, n in stored(clinic) if epoch == 1] == [1, 2]
    assert len(stored(clinic)) == 2


def deliveries_in_any_order(deliveries: list[Delivery]) -> st.SearchStrategy[list[list[Delivery]]]:
    """Every message at least once, some twice, in any order, cut into batches anywhere."""
    return (
        st.lists(st.sampled_from(deliveries), max_size=12)
        .flatmap(lambda more: st.permutations([*deliveries, *more]))
        .flatmap(
            lambda order: st.lists(st.integers(0, len(order)), max_size=5).map(
                lambda cuts: [
                    order[a:b]
                    for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), len(order)], strict=True)
                ]
            )
        )
    )


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(choice=st.data())
def test_however_messages_arrive_each_is_stored_once(clinic: Clinic, choice: st.DataObject) -> None:
    """Two epochs of one device and one of another, each run under an epoch of its own."""
    base = max((epoch for _, epoch in ledgers(clinic)), default=0)
    streams = [
        Terminal(clinic.clock, NORTH, base + 1),
        Terminal(clinic.clock, NORTH, base + 2),
        Terminal(clinic.clock, SOUTH, base + 1),
    ]
    messages: list[Delivery] = []
    for stream in streams:
        messages += [stream.press(), stream.answer(), stream.presence(), stream.flag(1)]
        messages += stream.presses(choice.draw(st.integers(0, 6)))
    for batch in choice.draw(deliveries_in_any_order(messages)):
        clinic.inbox.store(batch)
    for stream in streams:
        view = ledger(clinic, stream.at.device, stream.epoch)
        assert (view.contiguous, view.highest, view.received) == (stream.sequence,) * 3
        assert (view.missing, view.forks) == ((), 0)
        with clinic.workplace.read() as work:
            mine = (response.c.device == stream.at.device) & (response.c.epoch == stream.epoch)
            count = select(func.count()).select_from(response).where(mine)
            assert work.connection.execute(count).scalar_one() == stream.sequence - 2
            first = select(response.c.flags).where(mine, response.c.sequence == 1)
            assert work.connection.execute(first).scalar_one() == "play"
    assert letters(clinic) == []


def test_two_hubs_that_hear_the_same_messages_store_each_once(
    postgresql_url: str, listeners: Listeners, clock: HeldClock
) -> None:
    """Two processes' worth of connections on one PostgreSQL, each with every message in an order of its own."""
    databases = [Database(postgresql_url), Database(postgresql_url)]
    first, second = (
        Workplace(database, Listeners(), clock, ReversingVault()) for database in databases
    )
    clinic = Clinic(first, listeners, clock)
    inboxes = [clinic.inbox, make_inbox(second, Listeners())]
    terminals = [Terminal(clock, NORTH), Terminal(clock, SOUTH), Terminal(clock, NORTH, epoch=2)]
    batches = [
        [message for terminal in terminals for message in [*terminal.presses(7), terminal.state()]]
        for _ in range(12)
    ]
    together = Barrier(2)

    def take_in(inbox: Inbox, mine: list[list[Delivery]]) -> Outcome:
        taken = Outcome()
        for batch in mine:
            together.wait(30)
            while True:
                try:
                    taken.add(inbox.store(batch))
                except DatabaseUnavailable:  # PostgreSQL broke a tie between the two
                    continue
                break
        return taken

    backwards = [batch[::-1] for batch in batches]
    with ThreadPoolExecutor(2) as hubs:
        outcomes = list(hubs.map(take_in, inboxes, [batches, backwards]))
    count = 12 * 7
    assert sum(outcome.stored for outcome in outcomes) == 3 * count
    assert sum(outcome.duplicates for outcome in outcomes) == 3 * count
    assert all(outcome.stored for outcome in outcomes)
    assert len(stored(clinic)) == 3 * count
    for terminal in terminals:
        view = ledger(clinic, terminal.at.device, terminal.epoch)
        assert (view.contiguous, view.received, view.duplicates) == (count, count, count)
        assert (view.missing, view.forks) == ((), 0)
    assert letters(clinic) == []
    for database in databases:
        database.close()
