"""The wheel for terminals has what they run, and lists no more than it has."""

import zipfile
from pathlib import Path

from tests.fakes.releases import tiny_wheel
from wellheard.release.terminal_wheel import for_terminals


def test_the_hub_is_left_out_and_the_rest_stays_as_it_is(tmp_path: Path) -> None:
    files = {"edge/app.py": "edge = 1\n", "hub/app.py": "hub = 1\n", "contract/__init__.py": ""}
    wheel = tiny_wheel(tmp_path, "wellheard", "1.0", files)
    for_terminals(wheel)
    with zipfile.ZipFile(wheel) as slim:
        names = set(slim.namelist())
        assert slim.read("edge/app.py") == b"edge = 1\n"
        record = slim.read("wellheard-1.0.dist-info/RECORD").decode()
    assert "hub/app.py" not in names
    assert {line.partition(",")[0] for line in record.split()} == names
    assert list(tmp_path.iterdir()) == [wheel]
