"""A whole repository over HTTP: uploaded by a program, fetched by python-tuf's own client, refused where it must be."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.signer import CryptoSigner
from starlette.testclient import TestClient
from tuf.api.exceptions import DownloadHTTPError
from tuf.api.metadata import Metadata, Timestamp

from hub.core.clock import SystemClock
from hub.core.db import Database
from hub.core.passwords import token_hash
from hub.core.unit_of_work import Listeners, Workplace
from hub.fleet import registry
from hub.parts import RELEASES
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import Clinic, SignedIn
from tests.hub.fleet.repository.operator import Operator
from tests.hub.fleet.repository.terminal import Fetcher, updater

DESK = ("desk-1", "a password of desk-1")
WHEEL = "stable/wheels/clinic-1.0-py3-none-any.whl"


class Program:
    """Uploads with a token of the administrator's."""

    def __init__(self, clinic: Clinic, folder: Path) -> None:
        self.clinic = clinic
        self.folder = folder / RELEASES
        self.app = clinic.app(data=str(folder))
        self.client = TestClient(self.app, base_url="http://hub.test")
        self.headers = {"Authorization": f"Bearer {clinic.token('administrator')}"}
        answer = self.client.get("/api/releases/keys", headers=self.headers)
        self.operator = Operator(clinic.clock, answer.json())

    def upload(self) -> None:
        for name, content in self.operator.targets.items():
            address = f"/api/releases/targets/{name}"
            if self.client.get(address, headers=self.headers).status_code == 404:
                answer = self.client.put(address, content=content, headers=self.headers)
                assert answer.status_code == 204, answer.text

    def send(self, files: dict[str, str]) -> Any:
        answer = self.client.post("/api/releases/metadata", json=files, headers=self.headers)
        return answer.json() | {"status": answer.status_code}

    def publish(self, files: dict[str, str]) -> list[str]:
        told = self.send(files)
        assert told["status"] == 200, told
        names: list[str] = told["files"]
        return names

    def refused(self, files: dict[str, str]) -> tuple[str, str]:
        told = self.send(files)
        assert told["status"] == 422, told
        return told["field"], told["detail"]

    def next_release(self, version: str, wheel: bytes = b"PK another") -> dict[str, str]:
        self.operator.release("stable", version, wheel)
        self.operator.channels["stable"].version += 1
        self.upload()
        return self.operator.files("stable")


@pytest.fixture
def clock() -> HeldClock:
    """The client of python-tuf looks at the machine's clock."""
    return HeldClock(SystemClock().now_ms())


@pytest.fixture
def program(sqlite_url: str, clock: HeldClock, tmp_path: Path) -> Iterator[Program]:
    database, listeners = Database(sqlite_url), Listeners()
    workplace = Workplace(database, listeners, clock, ReversingVault())
    clinic = Clinic(workplace, listeners, clock)
    with workplace.begin() as work:
        registry.remember_password(work, DESK[0], token_hash(DESK[1]))
    yield Program(clinic, tmp_path)
    database.close()


@pytest.fixture
def published(program: Program) -> Program:
    program.operator.release("stable", "1.0")
    program.upload()
    program.publish(program.operator.files())
    return program


def test_what_is_published_a_terminal_fetches(published: Program, tmp_path: Path) -> None:
    fetcher = Fetcher(published.client, DESK)
    root = published.operator.files("root")["1.root.json"]
    client = updater(fetcher, tmp_path / "desk", root)
    client.refresh()
    lock = client.get_targetinfo("stable/1.0.lock")
    wheel = client.get_targetinfo(WHEEL)
    assert lock is not None
    assert wheel is not None
    assert lock.custom["hardware"] == ["aarch64"]
    assert Path(client.download_target(wheel, str(tmp_path / "wheel"))).read_bytes() == b"PK wheel"

    told = published.publish(published.next_release("1.1"))
    assert told == ["2.stable.json"]
    again = updater(fetcher, tmp_path / "desk", root)
    assert again.get_targetinfo("stable/1.1.lock") is not None
    releases = published.client.get("/api/releases", headers=published.headers).json()
    assert [(r["channel"], r["version"]) for r in releases] == [
        ("stable", "1.0"),
        ("stable", "1.1"),
    ]
    assert published.publish(published.operator.files()) == [], "the very same files once more"


def test_roots_follow_one_another(published: Program, tmp_path: Path) -> None:
    operator = published.operator
    first = operator.files("root")["1.root.json"]
    operator.root.version = 2
    lone = operator.sign("root", operator.root, operator.root_keys[:1])
    assert published.refused(lone)[0] == "2.root.json"
    operator.root.version = 3
    assert "Version 2" in published.refused(operator.files("root"))[1]
    operator.root.version = 2
    assert published.publish(operator.files("root")) == ["2.root.json"]
    client = updater(Fetcher(published.client, DESK), tmp_path / "desk", first)
    client.refresh()
    assert (tmp_path / "desk" / "root_history" / "2.root.json").exists()


def test_what_cannot_be_believed_is_refused_by_its_name_and_changes_nothing(
    published: Program,
) -> None:
    operator, before = published.operator, _stamp(published)
    stable = operator.channels["stable"]
    stable.version = 2
    stranger = operator.sign("stable", stable, [operator.keys["canary"]])
    assert published.refused(stranger)[0] == "2.stable.json"
    stable.version = 1
    stable.expires = operator.later(days=1)
    assert "another file" in published.refused(operator.files("stable"))[1]
    stable.version = 2
    operator.release("stable", "2.0", b"PK never uploaded")
    field, why = published.refused(operator.files("stable"))
    assert (field, "has not been uploaded" in why) == ("2.stable.json", True)
    published.upload()
    for name, content in (
        ("2.stable.json", "{"),
        ("../2.stable.json", "{}"),
        ("9.snapshot.json", "{}"),
        ("1.elsewhere.json", operator.files("canary")["1.canary.json"]),
        ("3.stable.json", operator.files("stable")["2.stable.json"]),
    ):
        assert published.refused({name: content})[0] == name
    assert _stamp(published) == before


def test_what_was_signed_and_may_not_count_is_refused(published: Program) -> None:
    operator, before = published.operator, _stamp(published)
    stable = operator.channels["stable"]
    stable.version, stable.expires = 2, operator.later(days=-1)
    assert published.refused(operator.files("stable")) == ("2.stable.json", "It has expired.")
    stable.version, stable.expires = 3, operator.later()
    operator.add("stable", "canary/9.9.lock", b"astray")
    published.upload()
    assert "not among the paths" in published.refused(operator.files("stable"))[1]
    assert _stamp(published) == before
    del stable.targets["canary/9.9.lock"]
    stable.version = 4
    told = published.publish(operator.files("stable"))
    assert told == ["4.stable.json"]
    assert _stamp(published).version == before.version + 1


def test_a_target_that_is_not_what_its_name_says_is_refused(program: Program) -> None:
    name = f"stable/{sha256(b'right').hexdigest()}.1.0.lock"
    address = f"/api/releases/targets/{name}"
    answer = program.client.put(address, content=b"wrong", headers=program.headers)
    assert (answer.status_code, "SHA-256" in answer.json()["detail"]) == (422, True)
    assert program.client.get(address, headers=program.headers).status_code == 404
    odd = program.client.put(
        "/api/releases/targets/stable/1.0.lock", content=b"x", headers=program.headers
    )
    assert odd.status_code == 422
    assert list((program.folder / "incoming").iterdir()) == []


def test_a_target_comes_in_parts_and_not_twice(published: Program) -> None:
    content = b"PK" + bytes(range(256)) * 2000
    published.publish(published.next_release("3.0", content))
    address = (
        f"/releases/targets/stable/wheels/{sha256(content).hexdigest()}.clinic-3.0-py3-none-any.whl"
    )
    whole = published.client.get(address, auth=DESK)
    part = published.client.get(address, auth=DESK, headers={"Range": "bytes=1000-"})
    assert (whole.content, part.status_code, part.content) == (content, 206, content[1000:])
    assert part.headers["content-range"] == f"bytes 1000-{len(content) - 1}/{len(content)}"
    tag = {"If-Range": whole.headers["etag"], "Range": "bytes=0-9"}
    assert published.client.get(address, auth=DESK, headers=tag).content == content[:10]
    beyond = {"Range": f"bytes={len(content)}-"}
    assert published.client.get(address, auth=DESK, headers=beyond).status_code == 416
    for path in (address, "/releases/metadata/timestamp.json"):
        known = {"If-None-Match": published.client.get(path, auth=DESK).headers["etag"]}
        assert published.client.get(path, auth=DESK, headers=known).status_code == 304
    assert published.client.get(address, auth=("desk-1", "wrong")).status_code == 401
    assert published.client.get("/releases/metadata/..%2fkeys", auth=DESK).status_code == 404


def test_a_poll_that_finds_nothing_new_is_small(published: Program) -> None:
    sent = 0
    for path, status in (("2.root.json", 404), ("timestamp.json", 200)):
        answer = published.client.get(f"/releases/metadata/{path}", auth=DESK)
        assert answer.status_code == status
        headers = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        asked = sum(len(name) + len(value) + 4 for name, value in answer.request.headers.items())
        sent += len(answer.content) + headers + asked
    assert sent <= 2048


def test_what_the_hub_signs_is_signed_anew_each_day(published: Program, clock: HeldClock) -> None:
    repository = published.clinic.parts(data=str(published.folder.parent)).repository
    assert not repository.renew()
    before = _stamp(published)
    clock.move(days=1, hours=1)
    assert repository.renew()
    after = _stamp(published)
    assert after.version == before.version + 1
    assert after.snapshot_meta.version == before.snapshot_meta.version + 1
    assert after.expires > before.expires
    assert not repository.renew()


def test_of_two_who_publish_at_once_nothing_is_torn(published: Program, tmp_path: Path) -> None:
    operator = published.operator
    one = published.next_release("2.0")
    operator.release("canary", "2.0")
    operator.channels["canary"].version += 1
    published.upload()
    other = operator.files("canary")
    both = [threading.Thread(target=published.publish, args=(files,)) for files in (one, other)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    root = operator.files("root")["1.root.json"]
    client = updater(Fetcher(published.client, DESK), tmp_path / "desk", root)
    for path in ("stable/2.0.lock", "canary/2.0.lock"):
        assert client.get_targetinfo(path) is not None
    with pytest.raises(DownloadHTTPError):
        updater(Fetcher(published.client, ("desk-1", "x")), tmp_path / "no", root).refresh()


def test_files_may_come_one_by_one_and_count_with_a_snapshot(published: Program) -> None:
    client, headers = published.client, published.headers
    files = published.next_release("1.1")
    (name,) = files
    address = f"/api/releases/metadata/{name}"
    assert client.head(address, headers=headers).status_code == 404
    assert client.put(address, content="{", headers=headers).status_code == 204
    refused = client.post("/api/releases/snapshot", headers=headers)
    assert (refused.status_code, refused.json()["field"]) == (422, name)
    assert client.head(address, headers=headers).status_code == 404, "it is in nobody's way"
    assert client.put(address, content=files[name], headers=headers).status_code == 204
    assert client.head(address, headers=headers).status_code == 204
    told = client.post("/api/releases/snapshot", headers=headers).json()
    assert told["files"] == [name]
    assert client.post("/api/releases/snapshot", headers=headers).json()["files"] == []
    assert client.put(address, content="{}", headers=headers).status_code == 422


def test_keys_made_elsewhere_are_taken_if_root_names_them(program: Program) -> None:
    made = {role: CryptoSigner.generate_ed25519() for role in ("snapshot", "timestamp")}
    given = {role: key.private_bytes.decode() for role, key in made.items()}
    address = "/api/releases/keys"
    for wrong in (given | {"timestamp": "no key"}, given | {"root": given["snapshot"]}):
        answer = program.client.put(address, json=wrong, headers=program.headers)
        assert answer.status_code == 422
    assert program.client.put(address, json=given, headers=program.headers).status_code == 204
    keys = program.client.get(address, headers=program.headers).json()
    assert keys["snapshot"]["keyid"] == made["snapshot"].public_key.keyid
    program.operator = operator = Operator(program.clinic.clock, keys)
    program.publish(operator.files())

    other = CryptoSigner.generate_ed25519()
    changed = given | {"timestamp": other.private_bytes.decode()}
    operator.root.version = 2
    operator.root.revoke_key(made["timestamp"].public_key.keyid, "timestamp")
    operator.root.add_key(other.public_key, "timestamp")
    assert program.refused(operator.files("root"))[0] == "2.root.json"
    assert program.client.put(address, json=changed, headers=program.headers).status_code == 204
    assert not program.clinic.parts(data=str(program.folder.parent)).repository.renew()
    assert program.publish(operator.files("root")) == ["2.root.json"]


def test_the_first_root_needs_an_administrator(program: Program) -> None:
    fleet = SignedIn(program.client, "fleet")
    files = program.operator.files()
    address = "/api/releases/metadata"
    answer = program.client.post(address, json=files, headers=fleet.headers)
    assert answer.status_code == 403
    program.publish(files)
    assert program.client.post(address, json=files, headers=fleet.headers).status_code == 200
    viewer = SignedIn(program.client, "viewer")
    refused = program.client.post(address, json=files, headers=viewer.headers)
    assert refused.status_code == 403


def _stamp(program: Program) -> Timestamp:
    content = (program.folder / "metadata" / "timestamp.json").read_bytes()
    stamp: Timestamp = Metadata[Timestamp].from_bytes(content).signed
    return stamp
