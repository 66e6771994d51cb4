"""Each import rule of pyproject.toml is broken on purpose in a copy of the tree, and must notice."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("contract", "edge", "hub", "wellheard", "development")

PLANTED = {
    "contract/planted.py": "import rich",
    "edge/planted.py": "import hub.core\nimport wellheard",
    "edge/planted_cycle.py": "import edge.planted_cycle_back",
    "edge/planted_cycle_back.py": "import edge.planted_cycle",
    "hub/planted.py": "",
    "hub/feedback/planted.py": "import hub.cases.planted",
    "hub/feedback/tables.py": "",
    "hub/feedback/rules.py": "import hub.feedback.planted_step",
    "hub/feedback/planted_step.py": "import time",
    "hub/cases/planted.py": "import hub.feedback.tables",
}

CAUGHT = {
    "contract-alone": ["contract.planted must not import rich"],
    "sides": ["edge.planted -> hub.core"],
    "command-line": ["edge.planted -> wellheard"],
    "slices": ["hub.feedback.planted -> hub.cases.planted", "hub.planted"],
    "tables": ["hub.cases.planted must not import hub.feedback.tables"],
    "pure": [
        "hub.feedback.rules -> hub.feedback.planted_step",
        "hub.feedback.planted_step -> time",
    ],
    "acyclic": ["planted_cycle"],
}


def lint_imports(tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-logo", "--no-cache", *options],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


def not_python(folder: str, names: list[str]) -> list[str]:
    return [n for n in names if not n.endswith(".py") and not (Path(folder) / n).is_dir()]


@pytest.fixture(scope="module")
def planted_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", tree)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=not_python)
    for name, imports in PLANTED.items():
        module = tree / name
        module.parent.mkdir(exist_ok=True)
        (module.parent / "__init__.py").touch()
        with module.open("a") as file:
            file.write(f"\n{imports}\n")
    return tree


def test_every_rule_has_a_violation_planted() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert {contract["id"] for contract in rules["contracts"]} == set(CAUGHT)


@pytest.mark.parametrize("rule", CAUGHT)
def test_a_planted_violation_is_caught(planted_tree: Path, rule: str) -> None:
    result = lint_imports(planted_tree, "--contract", rule)
    assert result.returncode == 1, result.stdout + result.stderr
    for sentence in CAUGHT[rule]:
        assert sentence in result.stdout
