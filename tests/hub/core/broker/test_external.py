"""Brokers given by URL."""

import socket
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.broker import BrokerAddress, BrokerSettingError, Credentials
from hub.core.broker.external import ExternalBroker, parse_url


@pytest.mark.parametrize(
    ("url", "address", "user"),
    [
        ("mqtt://broker", BrokerAddress("broker", 1883), None),
        ("mqtts://broker.example", BrokerAddress("broker.example", 8883, tls=True), None),
        ("mqtt://hub:s3@10.0.0.1:1884/", BrokerAddress("10.0.0.1", 1884), Credentials("hub", "s3")),
        ("mqtts://hub@[::1]:99", BrokerAddress("::1", 99, tls=True), Credentials("hub", "")),
    ],
)
def test_a_url_is_taken_apart(url: str, address: BrokerAddress, user: Credentials | None) -> None:
    assert parse_url(url) == (address, user)


@given(st.text(min_size=1), st.text())
def test_any_user_and_password_can_be_written(username: str, password: str) -> None:
    url = f"mqtt://{quote(username, safe='')}:{quote(password, safe='')}@broker"
    assert parse_url(url)[1] == Credentials(username, password)


@pytest.mark.parametrize(
    "url",
    [
        "http://u:hunter2@broker",
        "mqtt://u:hunter2@",
        "mqtt://u:hunter2@broker:port",
        "mqtt://u:hunter2@broker:99999",
        "mqtt://u:hunter2@broker/path",
        "mqtt://u:hunter2@broker?x=1",
        "mqtt://u:hun/ter2@broker",
        "mqtt://u:hunter2@[::1",
    ],
)
def test_a_bad_url_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(BrokerSettingError, match="broker") as raised:
        parse_url(url)
    assert "hun" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_nothing_is_started_and_alive_means_that_its_port_answers() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        broker = ExternalBroker(f"mqtt://u:hunter2@127.0.0.1:{server.getsockname()[1]}")
        assert broker.start().port == server.getsockname()[1]
        assert broker.alive()
    assert not broker.alive()
    broker.set_device("device-a", "password")
    broker.remove_device("device-a")
    broker.stop()
    assert "hunter2" not in repr(broker.hub_credentials())
