"""No way leads to the end past the patient, nor without saying how much work it was."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hub.cases.casework.statuses import (
    MOST_MINUTES,
    WAY,
    Progress,
    Status,
    followers,
    merged,
    moved,
    parted,
)
from hub.core.errors import BadInput, Conflict, HubError

MINUTES = st.none() | st.integers(-5, MOST_MINUTES + 5)
STATUSES = st.sampled_from(list(Status))


class AnyWay(RuleBasedStateMachine):
    """Whatever somebody tries, in whatever order; refused attempts leave everything as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.progress = Progress()
        self.changes = 0
        self.told: list[Status] = []
        """Since the case was opened last."""

    @rule(to=STATUSES, minutes=MINUTES)
    def move(self, to: Status, minutes: int | None) -> None:
        before = self.progress
        self._try(lambda: moved(before, to, minutes), minutes)
        if self.progress is not before:
            if before.status is Status.CLOSED:
                self.told = []
            self.told.append(to)
            assert to in followers(before)

    @rule(minutes=MINUTES)
    def merge(self, minutes: int | None) -> None:
        self._try(lambda: merged(self.progress, minutes), minutes)

    @rule(minutes=MINUTES)
    def part(self, minutes: int | None) -> None:
        self._try(lambda: parted(self.progress, minutes), minutes)

    def _try(self, change, minutes: int | None) -> None:  # type: ignore[no-untyped-def]
        try:
            self.progress = change()
        except HubError as refusal:
            assert refusal.status in {409, 422}  # noqa: PT017 - which of them is for others to say
            assert refusal.detail  # noqa: PT017
        else:
            assert minutes is not None
            assert 0 <= minutes <= MOST_MINUTES
            self.changes += 1

    @invariant()
    def every_change_has_its_labour(self) -> None:
        assert self.progress.labour_entries == self.changes

    @invariant()
    def closed_means_informed_or_unreachable(self) -> None:
        if self.progress.status is Status.CLOSED:
            assert {Status.CLIENT_INFORMED, Status.UNREACHABLE} & set(self.told)
            assert self.progress.labour_entries > 0


TestAnyWay = AnyWay.TestCase


def test_the_way_leads_from_new_to_closed() -> None:
    progress = Progress()
    for status in WAY[1:]:
        progress = moved(progress, status, 5)
    assert progress.status is Status.CLOSED
    assert progress.labour_entries == 6


@pytest.mark.parametrize(
    "now", [status for status in Status if status is not Status.CLIENT_INFORMED]
)
def test_nobody_uninformed_is_closed(now: Status) -> None:
    with pytest.raises(Conflict) as refused:
        moved(Progress(now), Status.CLOSED, 5)
    assert refused.value.detail


def test_who_could_not_be_reached_may_be_closed_after_the_investigation() -> None:
    progress = Progress()
    for status in (
        Status.CONTACTING,
        Status.UNREACHABLE,
        Status.INVESTIGATING,
        Status.ACTION_TAKEN,
    ):
        progress = moved(progress, status, 0)
    assert moved(progress, Status.CLOSED, 0).status is Status.CLOSED


def test_whoever_is_called_again_is_no_longer_unreachable() -> None:
    progress = moved(Progress(Status.UNREACHABLE, unreachable=True), Status.CONTACTING, 0)
    assert not progress.unreachable


def test_opened_again_the_patient_must_hear_of_it_again() -> None:
    closed = Progress(Status.CLOSED, informed=True, labour_entries=3)
    again = moved(moved(closed, Status.INVESTIGATING, 1), Status.ACTION_TAKEN, 1)
    with pytest.raises(Conflict):
        moved(again, Status.CLOSED, 1)


@given(STATUSES, st.booleans(), st.booleans())
def test_a_merge_taken_back_leaves_everything_as_it_was(
    status: Status, informed: bool, unreachable: bool
) -> None:
    before = Progress(status, informed, unreachable)
    if status is Status.DUPLICATE:
        with pytest.raises(Conflict):
            merged(before, 1)
        return
    after = parted(merged(before, 1), 1)
    assert replace(after, labour_entries=0) == before


@given(STATUSES, STATUSES, st.none() | st.just(-1) | st.just(MOST_MINUTES + 1))
def test_no_change_without_labour(now: Status, to: Status, minutes: int | None) -> None:
    with pytest.raises(BadInput):
        moved(Progress(now, informed=True), to, minutes)
