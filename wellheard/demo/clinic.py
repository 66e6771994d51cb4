"""Furnishes the demonstration clinic through the hub's REST API, as an administrator would."""

import time
from typing import Any, Self

import httpx

from wellheard.demo.terminals import PEOPLE, PLACES, TERMINALS

FACILITY = "demo"
DAY_MS = 24 * 3600 * 1000
PAGE = 200


class Clinic:
    """Signed in to a hub."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=20)
        signed_in = self._http.post("/api/login", json={"name": user, "password": password})
        signed_in.raise_for_status()
        self._http.headers["X-CSRF-Token"] = signed_in.json()["csrf"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def cookies(self) -> httpx.Cookies:
        """The session, for another connection."""
        return self._http.cookies

    def furnish(self) -> None:
        """Places, people and their shifts for today and tomorrow; what is there already stays."""
        self._add("facilities", {"id": FACILITY, "name": "Demonstration clinic"})
        for place, name in PLACES.items():
            self._add("touchpoints", {"id": place, "facility": FACILITY, "name": name})
        for person, (name, speciality) in PEOPLE.items():
            self._add(
                "employees",
                {"id": person, "facility": FACILITY, "name": name, "speciality": speciality},
            )
        today = int(time.time() * 1000) // DAY_MS * DAY_MS
        for place, person in zip(PLACES, PEOPLE, strict=True):
            for day in (today, today + DAY_MS):
                shift = {
                    "touchpoint": place,
                    "employee": person,
                    "starts_ms": day,
                    "ends_ms": day + DAY_MS,
                }
                self._add("shifts", shift)

    def enrol(self) -> list[dict[str, Any]]:
        """Each terminal's place and new password."""
        return [
            self._post("devices", {"device": t.device, "facility": FACILITY, "name": t.name})
            for t in TERMINALS
        ]

    def newest_answer(self) -> int:
        """The number of the answer stored last; 0 when there is none."""
        newest = self._get("answers", limit=1)
        return int(newest[0]["id"]) if newest else 0

    def count_answers(self, after: int) -> int:
        """How many answers the hub has stored since that one."""
        count = 0
        while page := self._get("answers", after=after, limit=PAGE):
            count += len(page)
            after = page[-1]["id"]
        return count

    def ledger(self) -> list[dict[str, Any]]:
        """What has arrived of each terminal."""
        found: list[dict[str, Any]] = self._get("ledger")
        return found

    def _add(self, what: str, fields: dict[str, Any]) -> None:
        response = self._http.post(f"/api/{what}", json=fields)
        if response.status_code != httpx.codes.CONFLICT:  # there from an earlier start
            response.raise_for_status()

    def _post(self, what: str, fields: dict[str, Any]) -> dict[str, Any]:
        response = self._http.post(f"/api/{what}", json=fields)
        response.raise_for_status()
        made: dict[str, Any] = response.json()
        return made

    def _get(self, what: str, **query: Any) -> Any:
        response = self._http.get(f"/api/{what}", params=query)
        response.raise_for_status()
        return response.json()
