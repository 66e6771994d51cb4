"""Who is told what, and what happens to those who are too slow."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest

from hub.core.metrics import Metrics
from hub.core.scope import Scope
from hub.dashboards.frames import REFRESH
from hub.dashboards.live import ANSWERS_PER_SECOND, LINE_FRAMES, Live, Reader
from hub.feedback.events import AnswerView, PresenceRecorded, ResponsesFlagged, ResponsesRecorded
from hub.fleet.events import DeviceStateChanged
from tests.fakes.clock import HeldClock
from tests.hub.dashboards.event_source import parsed

WHOLE = Scope("clinic")
NORTH = Scope("clinic", frozenset({"north"}))
OTHER = Scope("other")


def answer(number: int, facility: str = "north", organisation: str = "clinic") -> AnswerView:
    return AnswerView(
        id=number, organisation=organisation, facility=facility, touchpoint=None, device="desk-1", epoch=1,
        sequence=number, kind="button", panel="main", button=1, survey=None, question=None, value="yes",
        score=None, employee=None, shift=None, flags=(), occurred_ms=1, wall_ms=1, time_source="device",
        received_ms=2,
    )  # fmt: skip


def recorded(*answers: AnswerView) -> ResponsesRecorded:
    return ResponsesRecorded(answers)


def run(scenario: Callable[[Live], AsyncIterator[None] | Any]) -> None:
    """Play a scenario on a loop, with a deadline."""

    async def played() -> None:
        live = Live(HeldClock(1000), Metrics())
        live.start(asyncio.get_running_loop())
        async with asyncio.timeout(20):
            await scenario(live)

    asyncio.run(played())


async def from_another_thread(tell: Callable[[], None]) -> None:
    """As the storing thread does; returns once the loop has taken it."""
    thread = threading.Thread(target=tell)
    thread.start()
    await asyncio.to_thread(thread.join)


async def heard(reader: Reader, until: Callable[[bytes], bool]) -> bytes:
    """Everything told until a condition holds."""
    got = b""
    async for chunk in reader.chunks():
        got += chunk
        if until(got):
            return got
    raise AssertionError(f"the stream ended early: {got!r}")


def ids(stream: bytes) -> list[int]:
    return [json.loads(event.data)["id"] for event in parsed(stream) if event.name == "answer"]


def test_a_batch_reaches_everybody_who_may_see_it_and_nobody_else() -> None:
    async def scenario(live: Live) -> None:
        with (
            live.reading(WHOLE, True) as whole,
            live.reading(NORTH, True) as north,
            live.reading(OTHER, True) as other,
            live.reading(WHOLE, False) as fleet,
        ):
            batch = recorded(answer(1), answer(2, "south"), answer(3), answer(4, "north", "other"))
            await from_another_thread(lambda: live.responses_recorded(batch))
            changed = DeviceStateChanged("clinic", "north", "desk-1")
            await from_another_thread(lambda: live.device_changed(changed))
            by_device = {
                name: await heard(reader, lambda got: b"event: device" in got)
                for name, reader in {"whole": whole, "north": north, "fleet": fleet}.items()
            }
            assert ids(by_device["whole"]) == [1, 2, 3]
            assert ids(by_device["north"]) == [1, 3]
            assert ids(by_device["fleet"]) == []
            assert ids(await heard(other, lambda got: b"event: answer" in got)) == [4]

    run(scenario)


def test_an_answer_says_when_it_was_durable() -> None:
    async def scenario(live: Live) -> None:
        with live.reading(WHOLE, True) as reader:
            await from_another_thread(lambda: live.responses_recorded(recorded(answer(1))))
            (event,) = parsed(await heard(reader, bool))
            assert json.loads(event.data)["stored_ms"] == 1000
            assert event.last_id == "1"

    run(scenario)


def test_flags_told_later_reach_those_who_see_answers() -> None:
    async def scenario(live: Live) -> None:
        flagged = ResponsesFlagged("clinic", "north", "desk-1", "play", ((1, 7),))
        with live.reading(NORTH, True) as reader, live.reading(NORTH, False) as fleet:
            await from_another_thread(lambda: live.responses_flagged(flagged))
            (event,) = parsed(await heard(reader, bool))
            assert json.loads(event.data)["responses"] == [[1, 7]]
            fleet.end()
            assert [chunk async for chunk in fleet.chunks()] == []

    run(scenario)


def test_people_near_are_told_to_those_who_see_answers_in_that_facility() -> None:
    async def scenario(live: Live) -> None:
        with live.reading(NORTH, True) as reader, live.reading(OTHER, True) as other:
            for facility in ("south", "north"):
                near = PresenceRecorded("clinic", facility, 3)
                await from_another_thread(partial(live.presence_recorded, near))
            (event,) = parsed(await heard(reader, bool))
            assert (event.name, json.loads(event.data)) == (
                "presence", {"facility": "north", "approaches": 3}
            )  # fmt: skip
            other.end()
            assert [chunk async for chunk in other.chunks()] == []

    run(scenario)


def test_a_slow_reader_is_told_to_read_again_and_then_goes_on() -> None:
    async def scenario(live: Live) -> None:
        with live.reading(WHOLE, True) as slow:
            changed = DeviceStateChanged("clinic", "north", "desk-1")
            for _ in range(LINE_FRAMES + 1):
                live.device_changed(changed)
            await asyncio.sleep(0)
            assert await heard(slow, bool) == REFRESH
            live.responses_recorded(recorded(answer(1)))
            assert ids(await heard(slow, lambda got: b"event: answer" in got)) == [1]

    run(scenario)


def test_a_storm_becomes_one_refresh_and_then_answers_again() -> None:
    async def scenario(live: Live) -> None:
        with live.reading(WHOLE, True) as reader:
            storm = [answer(number) for number in range(1, ANSWERS_PER_SECOND + 2)]
            live.responses_recorded(recorded(*storm[:10]))
            live.responses_recorded(recorded(*storm[10:]))
            got = await heard(reader, lambda got: REFRESH in got)
            assert ids(got) == list(range(1, 11))
            live.responses_recorded(recorded(answer(9999)))
            assert ids(await heard(reader, lambda got: b"answer" in got)) == [9999]

    run(scenario)


def test_what_was_told_while_catching_up_is_not_told_twice() -> None:
    async def scenario(live: Live) -> None:
        with live.reading(WHOLE, True) as reader:
            live.responses_recorded(recorded(answer(1), answer(2)))
            reader.already_told = frozenset({1})
            assert ids(await heard(reader, bool)) == [2]

    run(scenario)


@pytest.mark.parametrize("comes", ["before", "after"])
def test_streams_end_when_the_hub_stops(comes: str) -> None:
    async def scenario(live: Live) -> None:
        if comes == "after":
            live.stop()
        with live.reading(WHOLE, True) as reader:
            live.stop()
            assert [chunk async for chunk in reader.chunks()] == []
        live.responses_recorded(recorded(answer(1)))

    run(scenario)


def test_open_pages_are_counted() -> None:
    metrics = Metrics()

    async def scenario() -> None:
        live = Live(HeldClock(), metrics)
        live.start(asyncio.get_running_loop())
        with live.reading(WHOLE, True), live.reading(WHOLE, True):
            assert b"wellheard_sse_clients 2.0" in metrics.exposition()
        assert b"wellheard_sse_clients 0.0" in metrics.exposition()

    asyncio.run(scenario())
