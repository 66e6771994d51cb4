"""Topics: what is formatted can be parsed, what can be parsed formats to the same, and nothing else is a topic."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contract.messages import MESSAGE_TYPES
from contract.topics import (
    HUB_SUBSCRIPTIONS,
    Channel,
    DeviceAddress,
    DeviceTopic,
    HubTopic,
    TopicError,
    device_subscriptions,
    parse,
)
from tests.contract.written import ALNUM, addresses, identifiers

types = st.sampled_from(sorted(MESSAGE_TYPES)) | st.builds(
    str.__add__, st.sampled_from("ABZ"), st.text(alphabet=ALNUM, max_size=63)
)
device_topics = st.builds(
    DeviceTopic, addresses, st.sampled_from([c for c in Channel if c is not Channel.UP])
) | st.builds(DeviceTopic, addresses, st.just(Channel.UP), types)
hub_topics = st.builds(HubTopic, identifiers)
A = DeviceAddress("clinic", "main", "hall-1")


def matches(pattern: str, topic: str) -> bool:
    """MQTT's `+`, one level."""
    levels, wanted = topic.split("/"), pattern.split("/")
    return len(levels) == len(wanted) and all(
        w in ("+", level) for w, level in zip(wanted, levels, strict=True)
    )


@given(device_topics | hub_topics)
def test_what_is_formatted_is_parsed(topic: DeviceTopic | HubTopic) -> None:
    assert parse(str(topic)) == topic


level = st.sampled_from(
    ["wh", "v1", "hub", "up", "state", "clinic", "Up", "+", "#", "", "a-", "-a"]
)


@given(st.lists(level | identifiers | st.text(max_size=5), max_size=8).map("/".join))
@example("wh/v1/clinic/hub")
@example("wh/v1/clinic/main/hall-1/state")
@example("wh/v1/clinic/main/hall-1/up/DeviceBorn")
def test_what_is_parsed_formats_to_the_same(text: str) -> None:
    try:
        topic = parse(text)
    except TopicError:
        return
    assert str(topic) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "wh/v1",
        "wh/v2/clinic/hub",
        "wh/v1/clinic/hub/",
        "/wh/v1/clinic/hub",
        "wh/v1/clinic/main/hall-1",
        "wh/v1/clinic/main/hall-1/up",
        "wh/v1/clinic/main/hall-1/up/",
        "wh/v1/clinic/main/hall-1/up/deviceBorn",
        "wh/v1/clinic/main/hall-1/up/DeviceBorn/more",
        "wh/v1/clinic/main/hall-1/up/Device Born",
        "wh/v1/clinic/main/hall-1/up/DeviceBorn\n",
        "wh/v1/clinic/main/hall-1/state/DeviceBorn",
        "wh/v1/clinic/main/hall-1/State",
        "wh/v1/clinic/main/hall-1/secret",
        "wh/v1/clinic/main/hall-1\n/state",
        "wh/v1/clinic/main/hall-1/state\n",
        "wh/v1/clinic/main/+/state",
        "wh/v1/#",
        "wh/v1/clinic//hall-1/state",
        "wh/v1/Clinic/main/hall-1/state",
        "wh/v1/clinic/main/-hall/state",
        "wh/v1/clinic/main/hall_1/state",
        "wh/v1/clinic/main/зал/state",
        "wh/v1/clinic/main/hall-1\0/state",
        "$SYS/broker/uptime",
        f"wh/v1/{'a' * 64}/hub",
        f"wh/v1/clinic/main/hall-1/up/{'A' * 65}",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(TopicError):
        parse(text)


@pytest.mark.parametrize("bad", ["", "A", "-a", "a/b", "a+", "#", "a\n", "a" * 64, "ä", "a.b"])
@pytest.mark.parametrize("field", ["organisation", "facility", "device"])
def test_an_address_cannot_be_made_of_what_would_not_parse(field: str, bad: str) -> None:
    parts = {"organisation": "o", "facility": "f", "device": "d"} | {field: bad}
    with pytest.raises(TopicError, match=f"^{field}: "):
        DeviceAddress(**parts)


def test_a_type_belongs_to_up_alone() -> None:
    with pytest.raises(TopicError):
        DeviceTopic(A, Channel.STATE, "DeviceBorn")
    with pytest.raises(TopicError):
        DeviceTopic(A, Channel.UP)
    with pytest.raises(TopicError):
        DeviceTopic(A, Channel.UP, "+")


@given(device_topics)
def test_the_hub_hears_what_goes_up_and_nothing_that_goes_down(topic: DeviceTopic) -> None:
    heard = any(matches(pattern, str(topic)) for pattern in HUB_SUBSCRIPTIONS)
    assert heard == (topic.channel in {Channel.UP, Channel.STATE, Channel.REPORTED})


@given(device_topics, addresses)
def test_a_device_hears_what_comes_down_to_it_and_to_nobody_else(
    topic: DeviceTopic, other: DeviceAddress
) -> None:
    down = topic.channel in {Channel.CONFIRMED, Channel.DESIRED, Channel.JOB, Channel.SMS}
    assert (str(topic) in device_subscriptions(topic.address)) == down
    if other != topic.address:
        assert str(topic) not in device_subscriptions(other)


def test_a_device_hears_its_organisations_hub() -> None:
    assert str(HubTopic("clinic")) in device_subscriptions(A)
