"""Whoever asks a slice for rows says whose: every service function takes a `Scope`, and heeds it.

Excepted are functions that take in messages: an `Arrival` carries the address of the device that sent it.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.relative_to(ROOT) for path in (ROOT / "hub").glob("*/service.py"))

ASKS = "def recent(work: UnitOfWork, scope: Scope, limit: int = 5): return find(work, scope)"
TAKES_IN = "def record(work: UnitOfWork, arrivals: list[Arrival[ButtonPressed]]): store(arrivals)"


def unscoped(source: str) -> list[str]:
    """The public functions that could reach rows without being told whose."""
    functions = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_"
    ]
    return [f.name for f in functions if not (takes_in_messages(f) or heeds_a_scope(f))]


def required_parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, str]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    required = positional[: len(positional) - len(arguments.defaults)]
    required += [
        a for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is None
    ]
    return {a.arg: ast.unparse(a.annotation) if a.annotation else "" for a in required}


def heeds_a_scope(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    named = [name for name, kind in required_parameters(function).items() if kind == "Scope"]
    used = {n.id for part in function.body for n in ast.walk(part) if isinstance(n, ast.Name)}
    return bool(named) and set(named) <= used


def takes_in_messages(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("Arrival[" in kind for kind in required_parameters(function).values())


@pytest.mark.parametrize("service", SERVICES, ids=str)
def test_every_service_function_takes_and_heeds_a_scope(service: Path) -> None:
    assert unscoped((ROOT / service).read_text()) == []


def test_there_are_services() -> None:
    assert SERVICES


@pytest.mark.parametrize("source", [ASKS, TAKES_IN, "def _step(work): ..."])
def test_what_is_allowed(source: str) -> None:
    assert unscoped(source) == []


@pytest.mark.parametrize(
    "source",
    [
        ASKS.replace("scope: Scope, ", "").replace(", scope)", ")"),
        ASKS.replace("scope: Scope,", "scope: Scope | None,"),
        ASKS.replace("scope: Scope,", "scope: Scope = EVERYTHING,"),
        ASKS.replace("find(work, scope)", "find(work)"),
        "async " + ASKS.replace("find(work, scope)", "find(work)"),
    ],
)
def test_what_is_noticed(source: str) -> None:
    assert unscoped(source)


ROUTES = sorted(
    path.relative_to(ROOT)
    for form in ("*routes.py", "*pages.py")
    for path in (ROOT / "hub").rglob(form)
)
NOT_VISITORS = {Path("hub/fleet/photograph_routes.py"), Path("hub/cases/routes/public_pages.py")}
"""Terminals, and patients with a signed form: their scope is the facility that they are in."""


def makes_a_scope(source: str) -> bool:
    """Whether a scope is made of nothing, which would be the hub's own and may do everything."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Scope"
        for node in ast.walk(ast.parse(source))
    )


def test_what_a_route_sees_is_its_visitors() -> None:
    making = {route for route in ROUTES if makes_a_scope((ROOT / route).read_text())}
    assert making <= NOT_VISITORS


def test_a_route_with_a_scope_of_its_own_is_noticed() -> None:
    planted = "def page(visitor): return service.recent(work, Scope(visitor.scope.organisation))"
    assert makes_a_scope(planted)
    assert not makes_a_scope(planted.replace("Scope(visitor.scope.organisation)", "visitor.scope"))
