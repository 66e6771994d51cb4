"""Moments as people say them, in every language and on every side of a boundary."""

import pytest

from hub.core import texts
from hub.core.languages import read_languages
from tests.fakes.clock import NOON_MS

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("passed_ms", "said"),
    [
        (-5 * MINUTE, "1 second ago"),
        (0, "1 second ago"),
        (59_999, "59 seconds ago"),
        (MINUTE, "1 minute ago"),
        (2 * MINUTE - 1, "1 minute ago"),
        (HOUR - 1, "59 minutes ago"),
        (23 * HOUR + 59 * MINUTE, "23 hours ago"),
        (DAY, "14 Jun, 14:00"),
        (200 * DAY, "27 Nov 2024, 13:00"),
    ],
)
def test_how_long_ago_until_it_is_a_day(passed_ms: int, said: str) -> None:
    assert texts.ago(NOON_MS - passed_ms, NOON_MS, "Europe/Madrid") == said


def test_how_long_ago_in_every_language() -> None:
    known = read_languages().known.values()
    said = {}
    for language in known:
        with texts.speaking(language):
            said[language.code] = texts.ago(NOON_MS - 12 * MINUTE, NOON_MS, "Europe/Madrid")
    assert said["es"] == "hace 12 minutos"
    assert said["ca"] == "fa 12 minuts"
    assert said["ru"] == "12 минут назад"
    assert said["en"] == "12 minutes ago"
