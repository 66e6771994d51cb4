"""Documents name no registry and no developer's machine; decision records are short and enforced."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from development.lock import REGISTRIES

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
MOST_LINES = 50
CHECKED_BY = re.compile(r"^Checked by: (?P<names>.+)$", re.MULTILINE)
# The home or scratch folder of whoever wrote the file; a device's own paths are fine.
PERSONAL_PATH = re.compile(r"/(?:work|root)/[\w.]|/home/(?!pi\b|wellheard\b)\w+/|/tmp/[\w.]*jobs")


def committed_texts() -> dict[str, str]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    texts = {}
    for name in filter(None, listing.stdout.split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in content:
            texts[name] = content.decode()
    return texts


def test_nothing_names_a_registry() -> None:
    texts = committed_texts()
    assert len(texts) > 10
    assert [name for name, text in texts.items() if any(host in text for host in REGISTRIES)] == []


def test_nothing_names_a_personal_path() -> None:
    found = {name: PERSONAL_PATH.search(text) for name, text in committed_texts().items()}
    assert {name: match.group() for name, match in found.items() if match} == {}


@pytest.mark.parametrize("folder", ["work", "root"])
def test_a_personal_path_is_noticed(folder: str) -> None:
    assert PERSONAL_PATH.search(f"see /{folder}/notes.txt")


def test_decision_records_are_numbered_from_one() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))
    assert RECORDS


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_decision_is_short_and_names_an_existing_check(record: Path) -> None:
    text = record.read_text()
    assert len(text.splitlines()) <= MOST_LINES
    named = CHECKED_BY.search(text)
    assert named, f"{record.name} has no line 'Checked by: `...`'"
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    known = {f"import rule {rule['id']}" for rule in rules}
    checks = re.findall(r"`([^`]+)`", named["names"])
    assert checks
    assert [
        c for c in checks if c not in known and not (ROOT / c.partition("::")[0]).exists()
    ] == []


def test_every_relative_link_of_a_document_leads_somewhere() -> None:
    links = [
        (path, target)
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
        if "://" not in target
    ]
    assert [str(target) for path, target in links if not (path.parent / target).exists()] == []
