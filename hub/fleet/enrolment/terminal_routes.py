"""What a terminal asks before the hub knows it, and when it renews its credentials. Open to strangers: its key is its
proof, and attempts are counted by the place that they come from.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Path, Request

from contract.enrolment import (
    CHALLENGE,
    CLAIMS,
    CREDENTIALS,
    BrokerPlace,
    Challenge,
    Claim,
    ClaimRequest,
    Credentials,
    CredentialsRequest,
)
from hub.core.broker import BrokerAddress
from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet.authority import certificates
from hub.fleet.authority.certificates import BadRequest
from hub.fleet.authority.standing import turned_away
from hub.fleet.enrolment import claims, keys
from hub.fleet.enrolment.claims import Claimed
from hub.fleet.enrolment_routes import LetIn
from hub.identity import attempts
from hub.identity.access import Access
from hub.identity.rules import AttemptSubject

ASK_AGAIN_S = 5
CLAIMS_FROM_ONE_PLACE = 300
"""In a quarter of an hour: all terminals of a large site behind one address, and again after a power cut."""
GRANTS_OF_ONE_KEY = 30
ENROL_PAGE = "/fleet/enrol"
TOO_MANY = N_("Too many terminals ask to be taken in. Try again later.")


def api(
    workplace: Workplace,
    access: Access,
    pages_address: str,
    broker_address: Callable[[], BrokerAddress],
    let_in: LetIn,
) -> Router:
    """The routes."""
    router = Router(tags=["fleet"])

    def model(claimed: Claimed, now_ms: int) -> Claim:
        return Claim(
            claim=claimed.claim,
            state="waiting" if claimed.device is None else "accepted",
            code=claimed.code,
            address=f"{pages_address}{ENROL_PAGE}?code={claimed.code}",
            expires_in_s=max(claimed.until_ms - now_ms, 0) // 1000,
            ask_again_s=ASK_AGAIN_S,
            device=claimed.device,
        )

    @router.post(CLAIMS, status_code=201)
    def claim(given: ClaimRequest, request: Request) -> Claim:
        """Ask to be taken in; a key that has asked already is told the same code until it expires."""
        asked = _read(given.request)
        place = AttemptSubject(
            f"claim from:{access.caller(request).address}", CLAIMS_FROM_ONE_PLACE
        )
        with workplace.begin() as work:
            attempts.note(work, [place], _(TOO_MANY))
        told = claims.Told(given.hardware, given.serial.lower(), given.software, given.device or "")
        with workplace.begin() as work:
            return model(claims.claim(work, asked, told, given.token), work.now_ms)

    @router.get(CLAIMS + "/{claim}")
    def standing(claim: Annotated[str, Path(max_length=64)]) -> Claim:
        """How the claim stands; 404 when it has expired and another must be made."""
        with workplace.read() as work:
            return model(claims.standing(work, claim), work.now_ms)

    @router.get(CHALLENGE)
    def challenge() -> Challenge:
        with workplace.read() as work:
            return Challenge(challenge=keys.challenge(work))

    @router.post(CREDENTIALS)
    def credentials(given: CredentialsRequest) -> Credentials:
        """The first credentials of an accepted terminal, and all later ones: also when the last have expired."""
        asked = _read(given.request)
        with workplace.begin() as work:
            key = AttemptSubject(f"credentials of:{asked.fingerprint}", GRANTS_OF_ONE_KEY)
            attempts.note(work, [key], _(TOO_MANY))
        try:
            with workplace.begin() as work:
                granted = keys.grant(work, asked)
        except keys.KeyRevoked:
            with workplace.begin() as work:
                turned_away(work, asked.fingerprint)
            raise
        broker = broker_address()
        if not broker.tls:
            let_in(granted.address.device, granted.password)
        return Credentials(
            organisation=granted.address.organisation,
            facility=granted.address.facility,
            device=granted.address.device,
            touchpoint=granted.touchpoint,
            password=granted.password,
            certificate=granted.certificate,
            authorities=granted.authorities,
            issued_ms=granted.issued_ms,
            expires_ms=granted.until_ms,
            broker=BrokerPlace(host=broker.host, port=broker.port, tls=broker.tls),
        )

    return router


def _read(text: str) -> certificates.Request:
    try:
        return certificates.read_request(text)
    except BadRequest as error:
        raise BadInput("request", _("This is no request for a certificate.")) from error
