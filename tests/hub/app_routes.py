"""Every route of the application, read from the application itself, and how a test asks for each.

A new route with a parameter that nobody here knows how to fill makes the tests fail: whoever adds it says here what a
neighbour's would be.
"""

from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

FORM = "/say/{organisation}/{facility}/{touchpoint}/{proof}"
STOP = "/mail/stop/{organisation}/{mark}"
PUBLIC = {
    ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/api/openapi.json"),
    ("GET", "/login"), ("POST", "/login"), ("POST", "/login/code"), ("POST", "/logout"),
    ("POST", "/api/login"), ("POST", "/api/logout"), ("POST", "/preferences"),
    ("GET", "/password"), ("POST", "/password"),
    ("GET", "/password/{token}"), ("POST", "/password/{token}"),
    ("GET", "/receipt"), ("POST", "/receipt"), ("GET", "/push-worker.js"),
    ("GET", FORM), ("POST", FORM), ("GET", STOP), ("POST", STOP),
    ("POST", "/api/enrolment/claims"), ("GET", "/api/enrolment/claims/{claim}"),
    ("GET", "/api/enrolment/challenge"), ("POST", "/api/enrolment/credentials"),
}  # fmt: skip
"""Everything that a stranger may ask for, besides style sheets and scripts."""

SIGNED = {
    "/sms/kannel/{organisation}/{gateway}/messages", "/sms/kannel/{organisation}/{gateway}/reports",
    "/sms/twilio/{organisation}/{gateway}/messages", "/sms/twilio/{organisation}/{gateway}/reports",
}  # fmt: skip
"""Carriers' webhooks: whoever calls proves themselves by a secret of the gateway, not by signing in."""

STREAMS = {"/api/live"}
"""These do not end; who is told what is tested with the stream itself (`dashboards/test_live.py`)."""

NEIGHBOURS = {
    "account": "2",
    "act": "pause",
    "alert": "1",
    "answer": "1",
    "batch": "no-such-batch",
    "campaign": "spring-south",
    "case": "1",
    "claim": "0" * 32,
    "code": "nps",
    "conversation": "1",
    "device": "desk-2",
    "entry": "anna-south",
    "facility": "south",
    "file": "1",
    "folder": "wheels",
    "gateway": "kannel",
    "handle": "0123456789abcdef",
    "job": "no-such-job",
    "label": "waiting-south",
    "language": "es",
    "letter": "1",
    "mail": "1",
    "mark": "no-such-mark",
    "message": "1",
    "name": "today",
    "number": "1",
    "organisation": "clinic",
    "problem": "1",
    "proof": "no-such-proof",
    "rollout": "no-such-rollout",
    "sha256": "0" * 64,
    "shift": "late-south",
    "survey": "visit",
    "template": "invite",
    "token": "no-such-token",
    "touchpoint": "reception-south",
    "view": "1",
    "what": "approve",
}
"""What stands in an address for something of the facility `south`."""


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """One method of one address."""

    method: str
    path: str

    @property
    def is_public(self) -> bool:
        return (self.method, self.path) in PUBLIC

    def address(self, **known: str) -> str:
        """The address of what belongs to the neighbour; KeyError where nobody has said what that would be."""
        return self.path.format_map(NEIGHBOURS | known)


def routes_of(app: FastAPI) -> list[Route]:
    """All of them, in order."""
    return sorted(_found(app.routes))


def _found(routes: list[BaseRoute], prefix: str = "", of_router: str = "") -> set[Route]:
    """A route knows the prefix of its own router, and not those of the routers that this one is in."""
    found: set[Route] = set()
    for route in routes:
        if isinstance(route, APIRoute):
            found |= {Route(method, prefix + route.path) for method in route.methods}
        elif (inner := getattr(route, "original_router", None)) is not None:
            found |= _found(inner.routes, prefix + of_router, inner.prefix)
    return found
