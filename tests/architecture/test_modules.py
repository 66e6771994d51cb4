"""Names, sizes and docstrings of modules, and that every module called pure is bound by the rule."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("contract", "edge", "hub", "wellheard")
NAMES_THAT_SAY_NOTHING = {
    *("common", "data", "helper", "helpers", "info", "manager", "managers"),
    *("misc", "util", "utils"),
}
MOST_LINES = 300
PURE = re.compile(r"^.*\bpure\b", re.IGNORECASE)  # in the first line of the docstring


def modules(*packages: str) -> Iterator[Path]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "versions" not in path.parts and "node_modules" not in path.parts:
                yield path.relative_to(ROOT)


def docstring(source: str) -> str:
    return ast.get_docstring(ast.parse(source)) or ""


def dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def empty_names(path: Path) -> set[str]:
    return NAMES_THAT_SAY_NOTHING & set(path.with_suffix("").parts)


def is_bound(module: str, patterns: list[str]) -> bool:
    """Whether import-linter's pattern of modules (`*` is one step) covers this module."""
    return any(
        re.fullmatch(
            re.escape(p).replace(r"\*\*", ".+").replace(r"\*", "[^.]+") + r"(\..+)?", module
        )
        for p in patterns
    )


def test_module_names_say_what_is_inside() -> None:
    found = [str(p) for p in modules(*SHIPPED, "development", "bench", "tests") if empty_names(p)]
    assert found == []


def test_modules_are_small() -> None:
    lengths = {str(p): len((ROOT / p).read_text().splitlines()) for p in modules(*SHIPPED)}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_module_says_what_it_decides() -> None:
    sources = {str(p): (ROOT / p).read_text() for p in modules(*SHIPPED, "development", "bench")}
    assert [
        name for name, source in sources.items() if source.strip() and not docstring(source)
    ] == []


def test_every_pure_module_is_bound_by_the_import_rule() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    (pure,) = [rule for rule in rules if rule["id"] == "pure"]
    marked = [
        dotted(path)
        for path in modules(*SHIPPED)
        if path.name == "rules.py" or PURE.match(docstring((ROOT / path).read_text()))
    ]
    unbound = [module for module in marked if not is_bound(module, pure["source_modules"])]
    assert unbound == [], "add to the import rule `pure` in pyproject.toml"


@pytest.mark.parametrize("name", ["hub/utils.py", "edge/data/reader.py", "hub/cases/manager.py"])
def test_an_empty_name_is_noticed(name: str) -> None:
    assert empty_names(Path(name))


@pytest.mark.parametrize(
    ("module", "bound"),
    [
        ("contract.messages.answers", True),
        ("hub.cases.rules", True),
        ("hub.cases.service", False),
        ("hub.cases.deep.rules", False),
        ("contracts", False),
    ],
)
def test_patterns_mean_what_import_linter_means(module: str, bound: bool) -> None:
    assert is_bound(module, ["contract", "hub.*.rules"]) is bound
