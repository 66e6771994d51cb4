"""Where a sign-in may lead and what roles may do."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.identity.rules import Permission, Role, permissions_of, safe_next

HERE = "https://hub.example/login"


@given(st.text(alphabet=st.sampled_from("/\\.:@htps example\t\n%?#"), max_size=20) | st.text())
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("https://evil.example/")
@example("javascript:alert(1)")
def test_signing_in_never_leads_to_another_site(target: str) -> None:
    led = urlsplit(urljoin(HERE, safe_next(target)))
    assert (led.scheme, led.netloc) == ("https", "hub.example")
    assert "\\" not in led.path


@pytest.mark.parametrize("path", ["/", "/dead-letters?before=7", "/live/state"])
def test_signing_in_leads_to_our_own_pages(path: str) -> None:
    assert safe_next(path) == path


def test_fleet_operators_see_neither_answers_nor_what_may_hold_them() -> None:
    fleet = permissions_of(Role.FLEET)
    assert Permission.SEE_DEVICES in fleet
    assert not fleet & {
        Permission.SEE_ANSWERS,
        Permission.SEE_STAFF,
        Permission.SEE_DEAD_LETTERS,
        Permission.ADMINISTER,
    }


def test_only_administrators_see_dead_letters_and_change_places() -> None:
    for permission in (Permission.SEE_DEAD_LETTERS, Permission.ADMINISTER):
        assert [role for role in Role if permission in permissions_of(role)] == [Role.ADMINISTRATOR]
