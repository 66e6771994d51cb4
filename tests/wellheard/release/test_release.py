"""`wellheard release`: what is signed is believed, and what was changed, exchanged or signed by too few is not."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.releases import lock_target, served_name
from edge.fleet.updates.trust import NotTrusted
from tests.fakes.releases import ANY, Publisher, tiny_wheel
from wellheard.release.authority import NotSigned, exchange, renew
from wellheard.release.building import NotBuilt
from wellheard.release.command import main
from wellheard.release.keys import KeyUnusable, make_key, read_key
from wellheard.release.publishing import write_stick
from wellheard.release.repository import Incomplete, newest, read_targets
from wellheard.release.signing import NotSignable, withdraw
from wellheard.release.verifying import verify

NOW = datetime.now(UTC)


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)


def test_the_commands_lead_from_keys_to_a_release_that_is_believed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WELLHEARD_RELEASE_PASSPHRASE", "correct horse")
    keys, repository, served = tmp_path / "keys", tmp_path / "repository", tmp_path / "served"
    own = tiny_wheel(tmp_path, "wellheard", "1.1", {"wellheard.py": ""}, requires="needed")
    needed = tiny_wheel(tmp_path, "needed", "3", {"needed.py": ""})
    _run("keygen", keys, "--repository", repository)
    assert b"ENCRYPTED" in (keys / "stable.pem").read_bytes()
    assert b"ENCRYPTED" not in (keys / "timestamp.pem").read_bytes()
    where = ["--repository", repository]
    wheels = ["--wheels", own, "--wheels", needed, "--platform", ANY, "--hardware", "x86_64"]
    _run("build", "1.1", "--out", tmp_path / "built", *wheels, "--minimum-agent", "1.0")
    release = ["--release", tmp_path / "built", "--channel", "stable"]
    _run("sign", *where, *release, "--key", keys / "stable.pem")
    online = ["--key", keys / "snapshot.pem", "--key", keys / "timestamp.pem"]
    _run("publish", *where, "--folder", served, *online)
    root = ["--root", repository / "metadata" / "1.root.json"]
    capsys.readouterr()
    _run("verify", "--repository", served, *root)
    said = capsys.readouterr().out
    assert said == "1.1: 2 wheels for x86_64, from agent 1.0, nothing below 0 after it\n"

    _run("publish", "--repository", served, "--stick", tmp_path / "stick", "--release", "1.1")
    _run("verify", "--repository", tmp_path / "stick", *root)
    assert capsys.readouterr().out.endswith(said)

    monkeypatch.delenv("WELLHEARD_RELEASE_PASSPHRASE")
    with pytest.raises(SystemExit):
        _run("sign", *where, *release, "--key", keys / "stable.pem")
    assert "is sealed with a passphrase" in capsys.readouterr().err


def test_a_date_behind_its_own_signatures_is_not_believed(
    publisher: Publisher, tmp_path: Path
) -> None:
    """By a clock that ran ahead while it was signed; terminals would take the date for proved."""
    wheel = tiny_wheel(tmp_path, "wellheard", "1.1", {})
    publisher.release("1.1", [wheel], now=NOW + timedelta(days=400))
    publisher.snapshot(NOW)
    with pytest.raises(NotTrusted, match="built after its signatures expire"):
        verify(publisher.repository, publisher.root, "stable", NOW)


def test_a_release_is_whole_or_not_built(publisher: Publisher, tmp_path: Path) -> None:
    needy = tiny_wheel(tmp_path, "wellheard", "1.1", {"wellheard.py": ""}, requires="needed")
    with pytest.raises(NotBuilt, match="needed"):
        publisher.release("1.1", [needy])
    whole = [tiny_wheel(tmp_path / "whole", "wellheard", "1.1", {})]
    for words, why in (
        ({"security_floor": "1.2"}, "would forbid 1.1"),
        ({"security_floor": "1..2"}, "Invalid version"),
        ({"minimum_agent": "1..2"}, "Invalid version"),
    ):
        with pytest.raises(NotBuilt, match=why):
            publisher.release("1.1", whole, **words)
    twice = [tiny_wheel(tmp_path, "wellheard", version, {}) for version in ("1.2", "1.3")]
    with pytest.raises(NotBuilt, match="more than one wheel"):
        publisher.release("1.2", twice)


def test_a_version_and_a_name_stand_for_one_content_for_ever(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.release("1.1", [tiny_wheel(tmp_path / "a", "wellheard", "1.1", {"a.py": "1"})])
    other = tiny_wheel(tmp_path / "b", "wellheard", "1.1", {"a.py": "2"})
    with pytest.raises(NotSignable, match="with other content"):
        publisher.release("1.1.1", [other])
    publisher.release("1.1", [other], channel="canary")  # another name: another channel's
    before = newest(publisher.repository, "stable")
    withdraw(publisher.repository, "1.1", "stable", publisher.keys["stable"], NOW)
    assert newest(publisher.repository, "stable") == before + 1
    assert read_targets(publisher.repository, "stable").signed.targets == {}


@pytest.mark.parametrize("place", [0.0, 0.5, 0.999])
def test_a_flipped_bit_is_found(publisher: Publisher, tmp_path: Path, place: float) -> None:
    publisher.release("1.1", [tiny_wheel(tmp_path, "wellheard", "1.1", {"a.py": "1"})])
    for path in sorted((publisher.repository / "targets").rglob("*.*")):
        if path.is_dir():
            continue
        before = path.read_bytes()
        flipped = bytearray(before)
        flipped[int(len(before) * place)] ^= 1
        path.write_bytes(flipped)
        with pytest.raises(NotTrusted):
            verify(publisher.repository, publisher.root, "stable", NOW)
        path.write_bytes(before)
    assert [r.version for r in verify(publisher.repository, publisher.root, "stable", NOW)] == [
        "1.1"
    ]


def test_keys_are_exchanged_by_enough_others(publisher: Publisher, tmp_path: Path) -> None:
    keys, repository = publisher.keys, publisher.repository
    wheel = tiny_wheel(tmp_path, "wellheard", "1.1", {"a.py": "1"})
    publisher.release("1.1", [wheel])
    lost = make_key(tmp_path / "new", "root-2")
    with pytest.raises(NotSigned):
        exchange(repository, "root-2", lost, [keys["root-1"]], NOW)
    assert exchange(repository, "root-2", lost, [keys["root-1"], keys["root-3"]], NOW) == 2
    keys["root-2"] = lost
    for name, by in (
        ("timestamp", ("root-1", "root-2")),
        ("targets", ("root-2", "root-3")),
        ("stable", ("targets",)),
    ):
        old, new = keys[name], make_key(tmp_path / "new", name)
        exchange(repository, name, new, [keys[one] for one in by], NOW)
        keys[name] = new
        if name in ("targets", "stable"):
            with pytest.raises(NotSigned):
                renew(repository, name, [old], NOW)
            renew(repository, name, [new], NOW)
    publisher.snapshot()
    assert [r.version for r in verify(repository, publisher.root, "stable", NOW)] == ["1.1"]


def test_a_snapshot_is_not_made_of_less_than_was_published(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.release("1.1", [tiny_wheel(tmp_path, "wellheard", "1.1", {})])
    (publisher.repository / "metadata" / "2.stable.json").unlink()
    with pytest.raises(Incomplete):
        publisher.snapshot()


def test_a_key_is_never_overwritten_and_nothing_else_is_taken_for_one(tmp_path: Path) -> None:
    made = make_key(tmp_path, "stable", "secret")
    with pytest.raises(KeyUnusable, match="never overwritten"):
        make_key(tmp_path, "stable")
    assert read_key(tmp_path / "stable.pem", "secret").public_key == made.public_key
    with pytest.raises(KeyUnusable, match="not the right passphrase"):
        read_key(tmp_path / "stable.pem", "wrong")
    (tmp_path / "stable.pem").write_text("nothing")
    with pytest.raises(KeyUnusable):
        read_key(tmp_path / "stable.pem")


def test_a_stick_carries_one_release_and_no_more(publisher: Publisher, tmp_path: Path) -> None:
    for version in ("1.1", "1.2"):
        publisher.release(version, [tiny_wheel(tmp_path, "wellheard", version, {"a.py": version})])
    write_stick(publisher.repository, tmp_path / "stick", "stable", "1.2")
    names = {path.name for path in (tmp_path / "stick" / "targets").rglob("*") if path.is_file()}
    targets = read_targets(publisher.repository, "stable").signed.targets
    wanted = (lock_target("stable", "1.2"), "stable/wheels/wellheard-1.2-py3-none-any.whl")
    assert names == {
        served_name(target, targets[target].hashes["sha256"]).rpartition("/")[2]
        for target in wanted
    }
    asked = json.loads((tmp_path / "stick" / "update.json").read_text())
    assert asked == {"channel": "stable", "release": "1.2"}


def test_what_cannot_be_done_is_said_in_a_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, repository, out = tmp_path / "keys", tmp_path / "repository", tmp_path / "out"
    _run("keygen", keys, "--repository", repository)
    where, root = ["--repository", repository], repository / "metadata" / "1.root.json"
    (tmp_path / "broken-1.0-py3-none-any.whl").write_text("no wheel")
    capsys.readouterr()
    for arguments, said in (
        (["build", "1.1", "--out", out, "--wheels", keys], "no wheels"),
        (["build", "1.1", "--out", out, "--wheels", tmp_path], "broken"),
        (["build", "1.1", "--out", keys], "keys: File exists"),
        (
            ["sign", *where, "--key", keys / "stable.pem", "--release", keys],
            "release.json: No such",
        ),
        (["publish", *where, "--hub", "http://127.0.0.1:9", "--token", "x"], "cannot be reached"),
        (["publish", *where, "--hub", "hub.clinic", "--token", "x"], "cannot be reached"),
        (["verify", *where, "--root", keys / "stable.pem"], "metadata"),
        (["sign", "--repository", keys, "--key", keys / "root-1.pem", "--renew", "root"], "root"),
    ):
        with pytest.raises(SystemExit) as refused:
            _run(*arguments)
        written = capsys.readouterr()
        assert (refused.value.code, written.out) == (1, ""), said
        assert said in written.err
        assert "Traceback" not in written.err
        assert not out.exists()
    _run("verify", *where, "--root", root)
    assert "There is no release in stable yet." in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        _run("sign", *where, "--key", keys / "root-1.pem", "--renew", "nothing")


def _run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    if ended.value.code != 0:
        raise ended.value
