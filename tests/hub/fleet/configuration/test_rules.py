"""Narrower layers stand before wider ones, field by field, however they are grouped."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.fleet.configuration.rules import Layer, differences, flat, merge, merged, origins

fields = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=3)
settings = st.dictionaries(st.sampled_from(["screen", "camera", "outbox"]), fields, max_size=3)
Settings = dict[str, dict[str, Any]]


@given(settings, settings, settings)
def test_it_does_not_matter_how_layers_are_grouped(a: Settings, b: Settings, c: Settings) -> None:
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@given(settings)
def test_a_layer_that_sets_nothing_changes_nothing(a: Settings) -> None:
    assert flat(merge(a, {})) == flat(merge({}, a)) == flat(merge(a, a)) == flat(a)


@given(settings, settings)
def test_each_field_is_the_narrower_one_s_if_it_sets_it(
    wider: Settings, narrower: Settings
) -> None:
    assert flat(merge(wider, narrower)) == flat(wider) | flat(narrower)


@given(st.lists(settings, max_size=5))
def test_what_decides_a_field_is_the_last_layer_that_sets_it(given_: list[Settings]) -> None:
    layers = [Layer("tag", str(number), values) for number, values in enumerate(given_)]
    outcome = flat(merged(layers))
    found = origins(layers)
    assert found.keys() == outcome.keys()
    assert {field: flat(layer.values)[field] for field, layer in found.items()} == outcome


@given(settings, settings)
def test_a_difference_is_named_exactly_where_there_is_one(a: Settings, b: Settings) -> None:
    changed = {one.field: one for one in differences(a, b)}
    for field in flat(a).keys() | flat(b).keys():
        same = flat(a).get(field) == flat(b).get(field)
        assert same is (field not in changed)
    assert {f: one.after for f, one in changed.items() if one.after is not None}.items() <= flat(
        b
    ).items()
    assert differences(a, a) == []
