"""Touchpoints, employees and shifts as an administrator looks after them on pages."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.hub.clinic import Clinic, SignedIn

HTML = {"accept": "text/html"}
SHIFT = {
    "facility": "north", "week": "2026-W10", "touchpoint": "reception-north", "employee": "anna-north",
    "day": "2026-03-03", "starts": "08:00", "ends": "15:00",
}  # fmt: skip


@pytest.fixture
def client(clinic: Clinic, tmp_path: Path) -> Iterator[TestClient]:
    """A browser of a hub with a folder of its own for photographs."""
    with TestClient(clinic.app(data=tmp_path), base_url="http://hub.test") as opened:
        yield opened


@pytest.fixture
def session(client: TestClient) -> SignedIn:
    return SignedIn(client, "administrator")


def submit(session: SignedIn, path: str, **fields: str) -> tuple[int, str]:
    answer = session.client.post(path, data={"csrf": session.csrf, **fields}, headers=HTML)
    return answer.status_code, answer.text


def picture(kind: str = "PNG") -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (900, 700), "teal").save(drawn, kind)
    return drawn.getvalue()


def test_a_touchpoint_is_added_changed_taken_out_of_use_and_brought_back(session: SignedIn) -> None:
    assert (
        submit(session, "/touchpoints/new", name="Room 12", facility="north", survey="nps")[0]
        == 200
    )
    made = next(t for t in session.client.get("/api/touchpoints").json() if t["name"] == "Room 12")
    path = f"/touchpoints/{made['id']}"
    status, page = submit(
        session, path, name="Room 14", facility="north", survey="nps", version="1"
    )
    assert (status, "Room 14" in page, "Room 12" in page) == (200, True, False)
    status, page = submit(session, f"{path}/deactivate")
    assert "Room 14 is out of use." in page
    assert f"{path}/restore" in page
    assert "is out of use" not in submit(session, f"{path}/restore")[1]


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": "x" * 201}, {"name": "x", "survey": "odd"}]
)
def test_a_field_that_is_wrong_is_named_and_nothing_stored(
    session: SignedIn, fields: dict[str, str]
) -> None:
    wrong = "survey" if "survey" in fields else "name"
    status, page = submit(session, "/touchpoints/new", facility="north", **fields)
    assert status == 422
    assert f'id="{wrong}-problem"' in page
    assert len(session.client.get("/api/touchpoints").json()) == 2


def test_whoever_is_later_is_told_what_has_changed(session: SignedIn) -> None:
    path = "/employees/anna-north"
    fields = {"facility": "north", "speciality": "", "version": "1"}
    assert submit(session, path, name="Ana", **fields)[0] == 200
    status, page = submit(session, path, name="Annie", **fields)
    assert status == 409
    assert "It now says “Ana”" in page
    names = {e["id"]: e["name"] for e in session.client.get("/api/employees").json()}
    assert names["anna-north"] == "Ana"


def upload(session: SignedIn, content: bytes) -> tuple[int, str]:
    answer = session.client.post(
        "/employees/anna-north",
        data={"csrf": session.csrf, "name": "Anna North", "facility": "north", "version": "1"},
        files={"photograph": ("me.png", content, "image/png")},
        headers=HTML,
    )
    return answer.status_code, answer.text


def test_a_photograph_reaches_staff_and_the_terminals_of_its_facility(
    session: SignedIn, client: TestClient
) -> None:
    status, page = upload(session, picture())
    assert status == 200
    sha256 = page.split("/photographs/")[1][:64]
    shown = client.get(f"/photographs/{sha256}")
    with Image.open(BytesIO(shown.content)) as image:
        assert (image.format, max(image.size)) == ("JPEG", 640)
    for device, facility, status in (("desk-1", "north", 200), ("desk-2", "south", 404)):
        given = {"device": device, "facility": facility}
        password = client.post("/api/devices", json=given, headers=session.headers).json()[
            "password"
        ]
        path = f"/api/device/photographs/{sha256}"
        assert client.get(path, auth=(device, password)).status_code == status
        assert client.get(path, auth=(device, "wrong")).status_code == 401
        assert client.get(path).status_code == 401


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n nothing", b"<svg/>", picture("GIF")])
def test_what_is_no_photograph_is_refused_whatever_it_is_called(
    session: SignedIn, content: bytes
) -> None:
    status, page = upload(session, content)
    assert status == 422
    assert 'id="photograph-problem"' in page


def test_a_week_of_shifts_is_filled_copied_and_taken_back(session: SignedIn) -> None:
    assert "08:00–15:00" in submit(session, "/shifts", **SHIFT)[1]
    status, page = submit(session, "/shifts", **SHIFT | {"starts": "14:00", "ends": "20:00"})
    assert (status, 'id="starts_ms-problem"' in page or "Somebody else is at" in page) == (
        409,
        True,
    )
    assert submit(session, "/shifts", **SHIFT | {"day": ""})[0] == 422
    where = {"facility": "north", "week": "2026-W10"}
    page = submit(session, "/shifts/copy", **where)[1]
    assert "1 shift was copied to this week." in page
    assert "0 shifts were copied" in submit(session, "/shifts/copy", **where)[1]
    shift = session.client.get("/api/shifts").json()[0]["id"]
    assert f"/shifts/{shift}/restore" in submit(session, f"/shifts/{shift}/deactivate", **where)[1]
    assert submit(session, f"/shifts/{shift}/restore", **where)[0] == 200


def test_only_administrators_change_places(client: TestClient) -> None:
    session = SignedIn(client, "viewer")
    for path in ("/touchpoints", "/employees", "/shifts"):
        assert client.get(path, headers=HTML).status_code == 403
        assert submit(session, f"{path}/new" if path != "/shifts" else path)[0] in {403, 422}
