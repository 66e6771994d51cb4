"""Where a sign-in may lead."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.identity.rules import safe_next

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
