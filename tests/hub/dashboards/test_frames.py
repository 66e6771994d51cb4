"""Frames are read back by the rules of the standard."""

import json

from hypothesis import given
from hypothesis import strategies as st

from hub.dashboards.frames import HEARTBEAT, REFRESH, RETRY, answer_frame, device_frame
from tests.hub.dashboards.event_source import parsed

TEXTS = st.text(max_size=30)


@given(value=TEXTS | st.none(), facility=TEXTS, number=st.integers(1, 2**63 - 1))
def test_an_answer_survives_the_stream(value: str | None, facility: str, number: int) -> None:
    answer = {"id": number, "organisation": "o", "facility": facility, "value": value}
    frame = answer_frame(answer, stored_ms=5)
    (event,) = parsed(frame.text)
    assert (event.name, event.last_id) == ("answer", str(number))
    assert json.loads(event.data) == {
        "id": number, "facility": facility, "value": value, "stored_ms": 5,
    }  # fmt: skip


def test_frames_do_not_run_into_each_other() -> None:
    stream = RETRY + HEARTBEAT + device_frame("north", "desk-1").text + REFRESH
    assert [event.name for event in parsed(stream)] == ["beat", "device", "refresh"]
