"""Tags of terminals: given by whoever manages devices, seen where the device is."""

import pytest

from contract.topics import DeviceAddress
from hub.core.errors import BadInput, Forbidden, NotFound
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.fleet import service as fleet
from hub.fleet.tagging import set_tags, tags
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic

OPERATOR_IN_SOUTH = Scope("clinic", grants=frozenset({Grant("south", Role.FLEET)}))
VIEWER = Scope("clinic", grants=frozenset({Grant(None, Role.VIEWER)}))


def test_tags_replace_those_before_and_go_with_the_device(clinic: Clinic) -> None:
    with clinic.workplace.begin() as work:
        set_tags(work, WHOLE, NORTH.device, ["Lobby", "wi-fi", "lobby"])
        assert tags(work, WHOLE) == {NORTH.device: frozenset({"lobby", "wi-fi"})}
        set_tags(work, WHOLE, NORTH.device, ["Вход"])
        fleet.enrol(work, WHOLE, DeviceAddress("clinic", "south", NORTH.device))
    with clinic.workplace.read() as work:
        assert tags(work, OPERATOR_IN_SOUTH) == {NORTH.device: frozenset({"вход"})}


def test_nobody_tags_what_they_may_not_manage_nor_with_what_no_filter_could_name(
    clinic: Clinic,
) -> None:
    with clinic.workplace.begin() as work:
        set_tags(work, OPERATOR_IN_SOUTH, SOUTH.device, ["lobby"])
        with pytest.raises(NotFound):
            set_tags(work, OPERATOR_IN_SOUTH, NORTH.device, ["lobby"])
        with pytest.raises(Forbidden):
            set_tags(work, VIEWER, SOUTH.device, ["lobby"])
        for words in (["two words"], ["x" * 41], [""], [f"t{number}" for number in range(21)]):
            with pytest.raises(BadInput):
                set_tags(work, WHOLE, SOUTH.device, words)
        assert tags(work, WHOLE) == {SOUTH.device: frozenset({"lobby"})}
