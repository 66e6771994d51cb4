"""Which broker a setting means, and what is said when there is none."""

import sys
from pathlib import Path

import pytest

from hub.core.broker import BrokerSettingError, open_broker
from hub.core.broker.external import ExternalBroker
from hub.core.broker.iotcore import IotcoreBroker
from hub.core.broker.mosquitto import MosquittoBroker


def test_auto_takes_mosquitto_where_there_is_one(folder: Path) -> None:
    assert isinstance(open_broker("auto", folder, None), MosquittoBroker)


def test_auto_takes_iotcore_otherwise(folder: Path, tmp_path: Path) -> None:
    assert isinstance(open_broker("auto", folder, None, programs=str(tmp_path)), IotcoreBroker)


def test_a_kind_is_taken_by_name(folder: Path) -> None:
    assert isinstance(open_broker("mosquitto", folder, None), MosquittoBroker)
    assert isinstance(open_broker(" IotCore ", folder, None), IotcoreBroker)
    assert isinstance(open_broker("mqtt://broker", folder, None), ExternalBroker)


def test_a_missing_mosquitto_is_named_with_its_remedy(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BrokerSettingError, match="apt install mosquitto"):
        open_broker("mosquitto", folder, None, programs=str(tmp_path))


def test_a_missing_iotcore_is_named_with_its_remedy(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "iotcore", None)
    with pytest.raises(BrokerSettingError, match="pip install"):
        open_broker("iotcore", folder, None)
    with pytest.raises(BrokerSettingError, match="no MQTT broker was found"):
        open_broker("auto", folder, None, programs=str(tmp_path))


@pytest.mark.parametrize("setting", ["", "emqx", "localhost:1883"])
def test_anything_else_is_refused(folder: Path, setting: str) -> None:
    with pytest.raises(BrokerSettingError, match="auto, mosquitto, iotcore"):
        open_broker(setting, folder, None)


def test_opening_touches_nothing(folder: Path) -> None:
    open_broker("auto", folder, None)
    open_broker("iotcore", folder, None)
    assert not folder.exists()
