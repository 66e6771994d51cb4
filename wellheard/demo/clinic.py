"""Furnishes the demonstration clinic through the hub's REST API, as an administrator would."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

import httpx

from wellheard.demo.cast import CAMPAIGNS, FACILITIES, HISTORY_EPOCH, PEOPLE, PLACES, SCREENS, Asks
from wellheard.demo.portraits import portrait
from wellheard.demo.terminals import TERMINALS

FACILITY = "demo"
PAGE = 200
SURVEYS: dict[Asks, str] = {"faces": "visit", "recommend": "express", "score": "nps"}
"""What a screen asks where patients are asked for such an answer."""


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
        """Places, people with portraits, and their shifts for today and tomorrow; what is there already stays."""
        for facility, name in FACILITIES.items():
            self._add("facilities", {"id": facility, "name": name})
        for place, told in PLACES.items():
            known = {"facility": told.facility, "name": told.name, "survey": SURVEYS[told.asks[-1]]}
            self._add("touchpoints", {"id": place, **known})
        for person, who in PEOPLE.items():
            known = {"facility": who.facility, "name": who.name, "speciality": who.speciality}
            if self._add("employees", {"id": person, **known}):
                picture = portrait(person, long_hair=who.long_hair)
                self._show(person, known, picture)
        today = datetime.now(self._zone())
        days = [_midnight_ms(today + timedelta(days=ahead)) for ahead in range(3)]
        for place, told in PLACES.items():
            for begins, ends in pairwise(days):
                moments = {"starts_ms": begins, "ends_ms": ends}
                for person in told.employees[:1]:
                    self._add("shifts", {"touchpoint": place, "employee": person, **moments})

    def _zone(self) -> ZoneInfo:
        """By whose clocks its days begin."""
        (here,) = [one for one in self._get("facilities") if one["id"] == FACILITY]
        return ZoneInfo(here["time_zone"])

    def enrol(self) -> list[dict[str, Any]]:
        """Each live terminal's place and new password."""
        return [
            self._post(
                "devices",
                {
                    "device": terminal.device,
                    "facility": FACILITY,
                    "name": terminal.name,
                    "touchpoint": SCREENS[terminal.device],
                },
            )
            for terminal in TERMINALS
        ]

    def invite_to_text(self) -> None:
        """Campaigns by SMS: one that anybody may start by its keyword in each language, and one that has a past."""
        for campaign in CAMPAIGNS:
            if self._add("sms/campaigns", {"facility": FACILITY, **campaign}):
                state = f"/api/sms/campaigns/{campaign['id']}/state"
                self._http.put(state, json={"state": "running"}).raise_for_status()

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
        """What has arrived of each live terminal; nothing of its history."""
        found: list[dict[str, Any]] = self._get("ledger")
        return [row for row in found if row["epoch"] != HISTORY_EPOCH]

    def _add(self, what: str, fields: dict[str, Any]) -> bool:
        """Whether it is new."""
        response = self._http.post(f"/api/{what}", json=fields)
        if response.status_code == httpx.codes.CONFLICT:  # there from an earlier start
            return False
        response.raise_for_status()
        return True

    def _show(self, person: str, known: dict[str, str], picture: bytes) -> None:
        """Give somebody who has just been made known a photograph, as an administrator does on the page."""
        files = {"photograph": ("portrait.png", picture, "image/png")}
        form = {**known, "version": "1"}
        response = self._http.post(f"/employees/{person}", data=form, files=files)
        if not response.is_redirect:
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


def _midnight_ms(moment: datetime) -> int:
    """The beginning of its day."""
    return int(moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)
