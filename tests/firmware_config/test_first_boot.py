"""The set-up runs in a room that looks like a Pi: a folder for a root, its own files, and stand-ins for what acts.

Only programs that would change a machine are stood in for (partitions, packages, systemd, the boot image). They write
down how they were called, and can be made to fail: a set-up that was cut off anywhere and goes on ends like any other.
"""

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edge.fleet.launcher import BASE
from tests.fakes.stick import stick
from tests.firmware_config.namespaces import apart
from wellheard.image.cli import app

STOOD_IN = ("apt-get", "chown", "systemctl", "udevadm", "update-initramfs")
LINE = "console=tty1 root=PARTUUID=12345678-02 rootwait\n"
FSTAB = "PARTUUID=12345678-01  /boot/firmware  vfat    defaults          0       2\n"
STAND_IN = """\
#!/bin/sh
echo "$(basename "$0") $*" >>/calls
if [ -e "/cut/$(basename "$0")" ]; then rm "/cut/$(basename "$0")"; exit 1; fi
"""
# Nobody can be given a file who is not in this room.
INSTALL = (
    STAND_IN
    + r"""
for word; do
    shift
    if [ -n "$left" ]; then left=; continue; fi
    case $word in -o | -g) left=1 ;; *) set -- "$@" "$word" ;; esac
done
exec /usr/bin/install "$@"
"""
)
PYTHON = (
    STAND_IN
    + r"""
if [ "$1" = -c ]; then exec /usr/bin/python3 "$@"; fi
for venv; do :; done # the last
mkdir -p "$venv/bin" "$venv/lib/python3/site-packages/edge/fleet"
echo launcher >"$venv/lib/python3/site-packages/edge/fleet/launcher.py"
cp /stand-ins/pip /stand-ins/wellheard "$venv/bin/"
"""
)
WELLHEARD = (
    STAND_IN
    + r"""
mkdir -p /data/wellheard/releases/1.0-abc && touch /data/wellheard/releases/1.0-abc/.ready
"""
)
RUNUSER = STAND_IN + 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"\n'
ENTER = """
mount --rbind --make-rslave /usr "$1/usr" && mount -o remount,bind,ro "$1/usr"
mount --bind /dev/null "$1/dev/null"
exec env -i PATH=/stand-ins:/usr/sbin:/usr/bin chroot "$1" /bin/sh /boot/firmware/wellheard/setup.sh
"""


class Room:
    """A card in a Pi, before its first boot."""

    def __init__(self, folder: Path, *, bundle: bool) -> None:
        self.root = folder / "room"
        for name in ("usr", "dev/disk/by-label", "boot/firmware", "opt", "data", "var/lib", "tmp"):
            (self.root / name).mkdir(parents=True)
        for name in ("bin", "lib", "lib64", "sbin"):
            (self.root / name).symlink_to(f"usr/{name}")
        self._stand_ins()
        self.write("etc/fstab", FSTAB)
        self.write("etc/passwd", "root:x:0:0::/root:/bin/sh\n")
        self.write("etc/group", "root:x:0:\n")
        self.write("etc/initramfs-tools/modules", "")
        self.write("etc/cloud/cloud.cfg", "")
        self.write("boot/firmware/cmdline.txt", LINE)
        self.write("boot/firmware/config.txt", "arm_64bit=1\n")
        self.write("boot/firmware/user-data", "#cloud-config\n")
        self.write("dev/null", "")
        self.write("dev/disk/by-label/wellheard-data", "")
        command = ["render", "--device", "hall-1", "--out", str(folder / "card")]
        command += ["--bundle", str(stick(folder))] if bundle else []
        assert CliRunner().invoke(app, command).exit_code == 0
        boot = str(self.root / "boot/firmware")
        put = CliRunner().invoke(app, ["install", str(folder / "card"), boot])
        assert put.exit_code == 0, put.output

    def write(self, name: str, text: str, mode: int = 0o644) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def boot(self, *, cut_at: str | None = None) -> int:
        """Run the set-up; `cut_at` is a program that fails the first time it is called."""
        if cut_at is not None:
            self.write(f"cut/{cut_at}", "")
        done = subprocess.run(
            [*apart(), "sh", "-ec", ENTER, "sh", str(self.root)],
            capture_output=True,
            text=True,
            check=False,
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    def calls(self) -> list[str]:
        return (self.root / "calls").read_text().splitlines()

    def files(self) -> dict[str, tuple[str, int]]:
        """All that is in the room but what it was called with."""
        kept = [
            path
            for top in ("boot", "data", "etc", "opt", "var")
            for path in (self.root / top).rglob("*")
            if path.is_file() and path.name != ".updated"
        ]
        return {
            str(path.relative_to(self.root)): (path.read_text(), path.stat().st_mode & 0o777)
            for path in kept
        }

    def _stand_ins(self) -> None:
        for name in (*STOOD_IN, "pip"):
            self.write(f"stand-ins/{name}", STAND_IN, 0o755)
        for name, text in (
            ("install", INSTALL),
            ("python3", PYTHON),
            ("runuser", RUNUSER),
            ("wellheard", WELLHEARD),
        ):
            self.write(f"stand-ins/{name}", text, 0o755)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A terminal that was set up from a bundle without a hitch."""
    room = Room(tmp_path_factory.mktemp("finished"), bundle=True)
    assert room.boot() == 0, room.said
    return room


def test_a_card_becomes_a_terminal(finished: Room) -> None:
    files = finished.files()
    assert files["etc/wellheard/ready"]
    assert files["opt/wellheard/launcher.py"][0] == "launcher\n"
    assert f"opt/wellheard/{BASE}/bin/wellheard" in files  # beside the launcher, its last resort
    assert "etc/systemd/system/wellheard-edge.service" in files
    assert files["boot/firmware/cmdline.txt"][0].split() == [
        *LINE.split(),
        "overlayroot=tmpfs:recurse=0",
    ]
    assert "dtparam=watchdog=on\n" in files["boot/firmware/config.txt"][0]
    assert "defaults,ro " in files["etc/fstab"][0]
    assert files["etc/initramfs-tools/modules"][0] == "overlay\n"
    calls = finished.calls()
    assert calls[-1] == "systemctl --no-block reboot"
    (install,) = [call for call in calls if call.startswith("wellheard edge install")]
    assert install == (
        "wellheard edge install /boot/firmware/wellheard/bundle 1.0 --channel stable"
        " --root /boot/firmware/wellheard/identity/root.json --folder /var/lib/wellheard"
    )
    # What the root keeps for good is changed before it can no longer be changed.
    names = [call.split()[0] for call in calls]
    assert names.index("apt-get") < names.index("wellheard") < names.index("update-initramfs")


def test_what_is_secret_leaves_the_boot_partition(finished: Room) -> None:
    files = finished.files()
    boot = [name for name in files if name.startswith("boot/")]
    assert not [n for n in boot if "identity" in n or "user-data" in n or "network-config" in n]
    kept = {name: mode for name, (_, mode) in files.items() if name.startswith("var/lib/wellheard")}
    assert kept == {
        "var/lib/wellheard/enrolment.toml": 0o600,
        "var/lib/wellheard/root.json": 0o600,
    }


def test_without_a_bundle_the_package_index_is_asked(tmp_path: Path) -> None:
    room = Room(tmp_path, bundle=False)
    assert room.boot() == 0, room.said
    assert (room.root / "data/wellheard/releases/first/.ready").exists()
    assert room.calls().count("pip install --quiet wellheard[edge]") == 2
    assert [call for call in room.calls() if call.startswith("apt-get install") and "gcc" in call]


@pytest.mark.parametrize("program", ["apt-get", "pip", "update-initramfs", "wellheard"])
def test_one_that_was_cut_off_goes_on(program: str, finished: Room, tmp_path: Path) -> None:
    room = Room(tmp_path, bundle=True)
    assert room.boot(cut_at=program) != 0
    assert "etc/wellheard/ready" not in room.files()
    assert room.boot() == 0, room.said
    assert room.files() == finished.files()


def test_a_second_time_changes_nothing(finished: Room) -> None:
    before = finished.files()
    assert finished.boot() == 0, finished.said
    assert finished.files() == before
