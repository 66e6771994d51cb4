"""Logs are JSON lines that cannot hold what nobody allowed."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from hub.core.logs import ALLOWED, configure_logs, only_allowed

SECRET = "+34600000000"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    caught = io.StringIO()
    configure_logs(caught)
    yield caught
    configure_logs()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_known_keys_pass_and_others_are_only_counted(stream: io.StringIO) -> None:
    structlog.get_logger().info("message_stored", device="desk-1", phone=SECRET, query=SECRET)
    (line,) = lines(stream)
    assert (line["event"], line["device"], line["level"]) == ("message_stored", "desk-1", "info")
    assert line["dropped_keys"] == 2
    assert SECRET not in stream.getvalue()


def test_a_text_is_no_event(stream: io.StringIO) -> None:
    structlog.get_logger().warning(f"could not call {SECRET}")
    assert lines(stream)[0]["event"] == "unnamed_event"
    assert SECRET not in stream.getvalue()


def test_an_exception_is_told_by_type_and_place(stream: io.StringIO) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        structlog.get_logger().exception("handler_failed")
    (line,) = lines(stream)
    assert line["error_type"] == "ValueError"
    assert "test_logs.py" in line["where"][-1]
    assert SECRET not in stream.getvalue()


def test_libraries_are_heard_without_their_words(stream: io.StringIO) -> None:
    logging.getLogger("some.library").error("refused %s", SECRET)
    (line,) = lines(stream)
    assert (line["event"], line["logger"], line["level"]) == (
        "library_said",
        "some.library",
        "error",
    )
    assert SECRET not in stream.getvalue()


@given(st.dictionaries(st.text(max_size=12) | st.sampled_from(sorted(ALLOWED)), st.integers()))
def test_nothing_but_allowed_keys_ever_passes(event: dict[str, Any]) -> None:
    assert set(only_allowed(None, "info", event)) <= ALLOWED | {"dropped_keys"}
