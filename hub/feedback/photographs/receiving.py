"""Taking photographs in: opened, compared with what their headers say, sealed anew with the hub's own keys.

Decides which are refused. A refused one stays sealed among the dead letters, with the reason, as long as the facility
keeps photographs. One that comes before its answer waits for it in its place: both are found by the answer's identity.
"""

from hashlib import sha256
from io import BytesIO

from PIL import Image, UnidentifiedImageError
from sqlalchemy import Table, select, tuple_

from contract.messages import PhotoTaken
from contract.photographs import binding
from hub.core.arrivals import Arrival, Refusal
from hub.core.bulk import insert_new
from hub.core.objects import ObjectFolder
from hub.core.scope import Scope
from hub.core.texts import N_
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.photographs.envelopes import Envelopes, NotOpened
from hub.feedback.photographs.tables import AnswerPhotograph
from hub.feedback.tables import Response
from hub.fleet.service import has_arrived

NOT_OPENED = N_(
    "The photograph does not open: it was sealed on another terminal, with another answer or for another hub, "
    "or was damaged."
)
OTHER_HASH = N_("sha256: the photograph is not the one that its message names.")
OTHER_PLACE = N_("answer: it was given at another facility than the photograph was taken.")
NO_ANSWER = N_("answer: what this terminal sent under that number is no answer.")
SECOND = N_("answer: it has a photograph already.")
NO_PICTURE = N_("media_type: the photograph is not a picture of this kind.")

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}

response: Table = Response.__table__  # type: ignore[attr-defined]
photograph: Table = AnswerPhotograph.__table__  # type: ignore[attr-defined]

_COLUMNS = tuple(column.name for column in photograph.c)


class PhotographReceiver:
    """The inbox's handler for photographs."""

    def __init__(self, envelopes: Envelopes, folder: ObjectFolder) -> None:
        self._envelopes = envelopes
        self._folder = folder

    def record(self, work: UnitOfWork, arrivals: list[Arrival[PhotoTaken]]) -> list[Refusal]:
        """Keep each that is what it says it is. Their answers must have been taken in before, if they are here."""
        refused = []
        for arrival in arrivals:
            reason = _unrelated(work, arrival) or self._keep(work, arrival)
            if reason is not None:
                refused.append(Refusal(arrival, "photograph", reason, accounted=True))
        return refused

    def _keep(self, work: UnitOfWork, arrival: Arrival[PhotoTaken]) -> str | None:
        """None once it is kept, otherwise why it cannot be."""
        message, address = arrival.message, arrival.address
        bound = binding(address.device, message.answer)
        try:
            picture = self._envelopes.open(arrival.attachment, message.key, bound)
        except NotOpened:
            return NOT_OPENED
        if sha256(picture).hexdigest() != message.sha256:
            return OTHER_HASH
        if not _is_picture(picture, message.media_type):
            return NO_PICTURE
        taken_ms = min(arrival.occurred_ms, arrival.received_ms)
        file = self._folder.keep(work.vault.seal(picture))
        row = (
            address.device, message.epoch, message.sequence, address.organisation, address.facility,
            message.answer.epoch, message.answer.sequence, message.media_type, message.sha256, file,
            taken_ms, arrival.received_ms, None,
        )  # fmt: skip
        insert_new(work.connection, photograph, _COLUMNS, [row])
        return None


def _unrelated(work: UnitOfWork, arrival: Arrival[PhotoTaken]) -> str | None:
    """Why the photograph cannot belong to what it names; None where it can, or will be able to."""
    address, answer = arrival.address, arrival.message.answer
    identity = (address.device, answer.epoch, answer.sequence)
    named = tuple_(response.c.device, response.c.epoch, response.c.sequence) == identity
    given = select(response.c.organisation, response.c.facility).where(named)
    place = work.connection.execute(given).one_or_none()
    if place is None:
        scope = Scope(address.organisation, frozenset({address.facility}))
        return NO_ANSWER if has_arrived(work, scope, *identity) else None
    if tuple(place) != (address.organisation, address.facility):
        return OTHER_PLACE
    c = photograph.c
    taken = select(c.sequence).where(
        tuple_(c.device, c.answer_epoch, c.answer_sequence) == identity
    )
    return SECOND if work.connection.execute(taken).first() else None


def _is_picture(content: bytes, media_type: str) -> bool:
    try:
        with Image.open(BytesIO(content), formats=(FORMATS[media_type],)):
            return True
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False
