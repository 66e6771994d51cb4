"""Whoever looks after terminals sees nothing of patients: no answer, telephone, photograph or case, at any address."""

from uuid import UUID

from starlette.testclient import TestClient

from contract.codec import encode
from contract.messages import ContactLeft
from hub.core.arrivals import Delivery
from hub.core.unit_of_work import Workplace
from tests.hub.app_routes import SIGNED, STREAMS, routes_of
from tests.hub.cases.complaints import WORDS, opened
from tests.hub.clinic import NORTH, Clinic, SignedIn

HERE = {
    "facility": "north",
    "device": "desk-1",
    "entry": "anna-north",
    "touchpoint": "reception-north",
}
SECRETS = (WORDS, "600123456", "600 123 456", "gargoyle", "Anna North")


def test_nothing_of_patients_at_any_address(clinic: Clinic, staffed: Workplace) -> None:
    opened(staffed)
    clinic.press(1, value="negative")
    left = ContactLeft(
        device=NORTH.device, epoch=1, sequence=2, time=clinic.stamp(), visit=str(UUID(int=2)),
        phone="+34600123456", comment="gargoyle", consent="v1", language="es",
    )  # fmt: skip
    clinic.inbox.store([Delivery(f"{NORTH}/up/ContactLeft", encode(left), clinic.clock.now_ms())])
    app = clinic.app()
    with TestClient(app, base_url="http://hub.test", follow_redirects=False) as client:
        SignedIn(client, "fleet")
        told = {}
        for route in routes_of(app):
            if route.method != "GET" or route.is_public or route.path in STREAMS | SIGNED:
                continue
            answer = client.get(route.address(**HERE), headers={"accept": "text/html"})
            assert answer.status_code < 500, route
            found = [one for one in SECRETS if one in answer.text]
            if found:
                told[route.path] = found
        assert told == {}
        for closed in (
            "/answers/1",
            "/cases",
            "/cases/1",
            "/api/cases",
            "/audit",
            "/casework/hours",
        ):
            assert client.get(closed).status_code == 403, closed
