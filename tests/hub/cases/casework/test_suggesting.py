"""Who is suggested, and that nobody investigates a complaint about themselves."""

from hypothesis import given
from hypothesis import strategies as st

from hub.cases.casework.suggesting import Candidate, proposals

ANA = Candidate(1, "ana", frozenset({"es", "ca"}), frozenset({"waiting"}), in_hand=2)
BORIS = Candidate(2, "boris", frozenset({"ru"}), frozenset({"rudeness"}), employee="dr-boris")
CARLA = Candidate(3, "carla", in_hand=1)


def names(topic: str | None, language: str | None, about: str | None = None) -> list[str]:
    found = proposals([CARLA, BORIS, ANA], topic=topic, language=language, complained_about=about)
    return [proposal.candidate.name for proposal in found]


def test_topic_language_and_load() -> None:
    assert names("waiting", "es") == ["ana", "boris", "carla"]
    assert names("waiting", "ru") == ["boris", "ana", "carla"]
    assert names(None, None) == ["boris", "carla", "ana"]


def test_reasons_are_given() -> None:
    (best, *_rest) = proposals([ANA, CARLA], topic="waiting", language="ca", complained_about=None)
    assert best.reasons == ("topic", "language")


def test_whoever_spoke_with_the_patient_before_comes_before_equals() -> None:
    again = Candidate(4, "zoe", spoke_before=True)
    found = proposals(
        [Candidate(5, "abel"), again], topic=None, language=None, complained_about=None
    )
    assert found[0].candidate is again


@given(st.permutations([ANA, BORIS, CARLA]), st.sampled_from(["waiting", None]))
def test_never_the_one_complained_about(people: list[Candidate], topic: str | None) -> None:
    found = proposals(people, topic=topic, language="ru", complained_about="dr-boris")
    assert [p.candidate.name for p in found] == ["ana", "carla"] or topic is None
    assert BORIS not in [p.candidate for p in found]
