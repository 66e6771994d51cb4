"""Asking the hub to be taken in, step by step. Waiting between the steps, and showing them, is others' affair."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from contract.enrolment import (
    CHALLENGE,
    CLAIMS,
    CREDENTIALS,
    Challenge,
    Claim,
    ClaimRequest,
    Credentials,
)
from edge.fleet.enrolment.card import Card
from edge.fleet.hub_client import HubClient, HubFailure, Refused, Unreachable
from edge.fleet.identity import Identity

NOT_FOUND, FORBIDDEN, UNUSABLE = 404, 403, 422


@dataclass(frozen=True, slots=True)
class Board:
    """What the terminal says of itself."""

    hardware: str
    serial: str
    software: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody has to type the code. `address` is the page where that is done."""

    code: str
    address: str
    ask_again_s: int


@dataclass(frozen=True, slots=True)
class Hindered:
    """The hub could not be asked, or refuses; `reason` is for whoever looks into it."""

    hub_url: str
    reason: str
    refused: bool = False


Standing = Waiting | Hindered | Credentials


class Asking:
    """One terminal's way into one hub."""

    def __init__(self, client: HubClient, identity: Identity, card: Card, board: Board) -> None:
        self._client = client
        self._identity = identity
        self._card = card
        self._board = board
        self._claim: Claim | None = None

    def step(self) -> Standing:
        """Ask once; credentials are kept before they are returned."""
        try:
            claim = self._claim = self._asked()
            if claim.state == "waiting":
                return Waiting(claim.code, claim.address, claim.ask_again_s)
            return collect(self._client, self._identity)
        except Refused as refusal:
            self._claim = None
            if refusal.status == FORBIDDEN:  # the key is believed no longer: another may be
                self._identity.forget_key()
            if refusal.status == UNUSABLE:
                # A spent token, as on a card flashed twice: there is still the code.
                self._card = self._card.model_copy(update={"token": None})
            return Hindered(self._card.hub_url, str(refusal), refused=True)
        except HubFailure as failure:
            return Hindered(self._card.hub_url, str(failure))

    def _asked(self) -> Claim:
        if self._claim is not None:
            try:
                return _read(Claim, self._client.get(f"{CLAIMS}/{self._claim.claim}"))
            except Refused as refusal:
                if refusal.status != NOT_FOUND:
                    raise
        return self._new_claim()  # the first, or one in the place of one that has expired

    def _new_claim(self) -> Claim:
        asked = ClaimRequest(
            request=self._identity.request(),
            hardware=self._board.hardware,
            serial=self._board.serial,
            software=self._board.software,
            device=self._card.device,
            token=self._card.token,
        )
        return _read(Claim, self._client.post(CLAIMS, asked.model_dump_json().encode()))


def collect(client: HubClient, identity: Identity) -> Credentials:
    """Credentials for the key, the first or new ones, kept before they are returned. Refused or Unreachable."""
    challenge = _read(Challenge, client.get(CHALLENGE)).challenge
    asked = ClaimRequest(request=identity.request(challenge))
    answer = client.post(CREDENTIALS, asked.model_dump_json(include={"request"}).encode())
    found = _read(Credentials, answer)
    identity.keep(found)
    return found


D = TypeVar("D", Claim, Challenge, Credentials)


def _read(kind: type[D], answer: bytes) -> D:
    try:
        return kind.model_validate_json(answer)
    except ValidationError as error:
        raise Unreachable("the answer is not what a hub says") from error
