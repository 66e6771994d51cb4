from hypothesis import given
from hypothesis import strategies as st

from edge.buttons.binding import Claim, Learning, claimed
from edge.buttons.nodes import Hardware


def node(path: str, serial: str | None, port: str, model: str = "1209:0001") -> Hardware:
    return Hardware(path, serial, port, "panel", model)


def facts(resolution) -> list[tuple[str, str]]:
    return [(fact.panel, fact.kind) for fact in resolution.facts]


def test_serial_before_port():
    nodes = [node("e0", "A", "p1"), node("e1", "B", "p2")]
    rule = claimed([Claim("a", {}, serial="A"), Claim("b", {}, port="p2")])
    bindings = rule(nodes).bindings
    assert {path: binding.panel for path, binding in bindings.items()} == {"e0": "a", "e1": "b"}


def test_all_nodes_of_one_device_are_the_panels():
    nodes = [node("e0", "A", "p1"), node("e1", "A", "p1")]
    assert set(claimed([Claim("a", {}, serial="A")])(nodes).bindings) == {"e0", "e1"}


def test_two_panels_for_one_device_are_both_refused_by_name():
    nodes = [node("e0", "A", "p1")]
    resolution = claimed([Claim("a", {}, serial="A"), Claim("b", {}, port="p1")])(nodes)
    assert resolution.bindings == {}
    assert facts(resolution) == [("a", "twins"), ("b", "twins")]
    assert all("'a' and 'b'" in fact.detail for fact in resolution.facts)


def test_another_model_in_the_socket_is_not_the_panel():
    nodes = [node("e0", None, "p1", "dead:beef")]
    resolution = claimed([Claim("a", {}, port="p1", model="1209:0001")])(nodes)
    assert (resolution.bindings, facts(resolution)) == ({}, [("a", "unplugged")])


def test_an_unknown_panel_of_a_known_model_is_told():
    nodes = [node("e0", "A", "p1"), node("e1", "NEW", "p2"), node("e2", None, "p3", "0000:0001")]
    resolution = claimed([Claim("a", {}, serial="A", model="1209:0001")])(nodes)
    assert facts(resolution) == [("serial NEW", "unbound")]


def test_learning_names_each_device_by_what_tells_it_apart():
    learning = Learning()
    nodes = [
        node("e0", "A", "p1"),
        node("e1", None, "p2"),
        node("e2", "X", "p3"),
        node("e3", "X", "p4"),
    ]
    named = {path: binding.panel for path, binding in learning(nodes).bindings.items()}
    assert named == {"e0": "serial A", "e1": "port p2", "e2": "port p3", "e3": "port p4"}
    assert learning.seen["serial A"] == nodes[0]
    assert learning(nodes).bindings["e0"].button(30) == 30


hardware = st.builds(
    Hardware,
    st.uuids().map(str),
    st.sampled_from([None, "A", "B"]),
    st.sampled_from(["p1", "p2", "p3"]),
    st.just("panel"),
    st.just("1209:0001"),
)
claims = st.lists(
    st.one_of(
        st.builds(Claim, st.uuids().map(str), st.just({}), serial=st.sampled_from(["A", "B"])),
        st.builds(Claim, st.uuids().map(str), st.just({}), port=st.sampled_from(["p1", "p2"])),
    )
)


@given(claims, st.lists(hardware))
def test_a_bound_panel_is_one_device_and_an_unbound_one_has_a_reason(claims, nodes):
    resolution = claimed(claims)(nodes)
    ports: dict[str, set[str]] = {}
    for bound in nodes:
        if binding := resolution.bindings.get(bound.path):
            ports.setdefault(binding.panel, set()).add(bound.port)
    assert all(len(each) == 1 for each in ports.values())
    reasoned = {fact.panel for fact in resolution.facts}
    assert {claim.panel for claim in claims} - ports.keys() <= reasoned
