"""What becomes of a version on trial, and which release may be tried at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.messages.envelope import MAX_INT
from contract.releases import Release
from edge.fleet.updates.gate import Evidence, Patience, judge
from edge.fleet.updates.rules import higher, refusal

PATIENCE = Patience(settle_s=60, limit_s=600)
FINE = Evidence(up_s=61, broken=(), painted=True, stored=True, confirmed=True, hub_away=False)
evidences = st.builds(
    Evidence,
    up_s=st.floats(0, 1000),
    broken=st.sampled_from([(), ("camera",), ("panel:exit", "screen")]),
    painted=st.booleans(),
    stored=st.booleans(),
    confirmed=st.booleans(),
    hub_away=st.booleans(),
)


def test_it_stays_once_it_has_proved_itself_and_the_hub_has_confirmed() -> None:
    assert judge(FINE, PATIENCE)[0] == "stay"
    assert judge(replace(FINE, up_s=59), PATIENCE)[0] == "wait"
    assert judge(replace(FINE, confirmed=False), PATIENCE)[0] == "wait"


@pytest.mark.parametrize(
    ("lacking", "reason"),
    [
        ({"broken": ("camera",)}, "camera"),
        ({"painted": False}, "shows nothing"),
        ({"stored": False}, "could not be stored"),
        ({"confirmed": False}, "has not confirmed"),
    ],
)
def test_what_is_lacking_in_the_end_is_said(lacking: dict[str, object], reason: str) -> None:
    late = replace(FINE, up_s=601, **lacking)  # type: ignore[arg-type]
    verdict, said = judge(late, PATIENCE)
    assert verdict == "go"
    assert reason in said


def test_a_hub_that_is_away_is_no_reason_to_go_back() -> None:
    away = replace(FINE, confirmed=False, hub_away=True)
    assert judge(away, PATIENCE)[0] == "wait"
    assert judge(replace(away, up_s=601), PATIENCE)[0] == "stay"
    assert judge(replace(away, up_s=601, broken=("camera",)), PATIENCE)[0] == "go"


@given(evidences)
def test_it_is_decided_in_time_and_nothing_broken_ever_stays(evidence: Evidence) -> None:
    verdict, reason = judge(evidence, PATIENCE)
    assert reason
    assert (verdict == "wait") <= (evidence.up_s < PATIENCE.limit_s)
    whole = evidence.painted and evidence.stored and not evidence.broken
    assert (verdict == "stay") <= whole
    assert (verdict == "stay") <= (evidence.confirmed or evidence.hub_away)


UNTIL_MS = 1_800_000_000_000


def _release(**words: object) -> Release:
    usual: dict[str, object] = {
        "version": "2.0",
        "built_ms": 0,
        "hardware": ["aarch64"],
        "minimum_agent": "1.0",
        "security_floor": "1.0",
        "wheels": {"a-1-py3-none-any.whl": "0" * 64},
    }
    return Release.model_validate(usual | words)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({}, None),
        ({"hardware": ["x86_64", "raspberry-pi-4-model-b"]}, None),
        ({"hardware": ["x86_64"]}, "it is for x86_64"),
        ({"minimum_agent": "1.6"}, "needs an agent of 1.6"),
        ({"minimum_agent": "1.5.0"}, None),
        ({"version": "1.3.9"}, "older than 1.4"),
        ({"version": "1.4"}, None),
        ({"version": "1.10"}, None),
        ({"version": "1.4rc1"}, "older than 1.4"),
        ({"minimum_agent": "1.x"}, "not a version"),
        ({"version": "1..4"}, "not a version"),
        ({"security_floor": "2.0"}, None),
        ({"security_floor": "2.0.1"}, "would forbid itself"),
        ({"built_ms": UNTIL_MS - 1}, None),
        ({"built_ms": UNTIL_MS}, "after its signatures expire"),
        ({"built_ms": MAX_INT}, "after its signatures expire"),
    ],
)
def test_a_terminal_enforces_the_signed_words(words: dict[str, object], reason: str | None) -> None:
    said = refusal(
        _release(**words),
        until_ms=UNTIL_MS,
        running="1.5",
        hardware=("aarch64", "raspberry-pi-4-model-b"),
        security_floor="1.4",
    )
    assert (said is None) if reason is None else reason in str(said)


def test_the_floor_is_compared_as_versions_are() -> None:
    assert higher("1.9", "1.10") == "1.10"
    assert higher("1.10", "1.9") == "1.10"
