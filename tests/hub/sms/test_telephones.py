"""Telephone numbers as carriers write them."""

import pytest

from hub.sms.telephones import fingerprint, international
from tests.fakes.vault import ReversingVault


@pytest.mark.parametrize(
    "written",
    ["+34600112233", "34600112233", "0034600112233", "+34 600 11 22 33", "+34-600-112-233"],
)
def test_one_number_however_it_is_written(written: str) -> None:
    assert international(written) == "+34600112233"
    assert fingerprint(ReversingVault(), "clinic", written) == fingerprint(
        ReversingVault(), "clinic", "+34600112233"
    )


@pytest.mark.parametrize("sender", ["Vodafone", "217", "INFO-SMS", "+0"])
def test_senders_that_are_no_numbers_stay(sender: str) -> None:
    assert international(sender) == sender


def test_two_organisations_cannot_compare() -> None:
    vault = ReversingVault()
    assert fingerprint(vault, "a", "+34600112233") != fingerprint(vault, "b", "+34600112233")
