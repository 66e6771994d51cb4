"""What is said about a case, among colleagues or to be read by the patient on their receipt. An edit keeps what was."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from hub.cases.casework import cases, story, workers
from hub.cases.casework.attachments import Upload, attach
from hub.cases.casework.cases import take_step
from hub.cases.casework.words import note
from hub.cases.events import ColleaguesConcerned
from hub.cases.tables import CaseEvent
from hub.core.errors import BadInput, Forbidden, NotFound
from hub.core.objects import ObjectFolder
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork

MOST_LETTERS = 4000
_MENTION = re.compile(r"@([\w.-]{1,64})")


class Audience(StrEnum):
    """Who reads a comment."""

    INTERNAL = "internal"
    CLIENT = "client"


@needs(Permission.HANDLE_CASES)
def comment(
    work: UnitOfWork,
    scope: Scope,
    case_id: int,
    text: str,
    audience: Audience,
    *,
    folder: ObjectFolder,
    uploads: Sequence[Upload] = (),
) -> int:
    """The comment's number. Colleagues named as @name are told; what the patient is to read names nobody."""
    row = cases.found(work, scope, case_id, lock=True)
    said = _checked(text, audience)
    take_step(row, "commented")
    number = story.tell(work, scope, row, "comment", words=said, audience=audience.value)
    attach(work, row, number, folder, uploads)
    note(work, row, [said])
    if named := mentions_in(work, scope, said):
        place = (row.organisation, row.facility, case_id)
        work.tell(ColleaguesConcerned(*place, frozenset(named), "mention"))
    return number


@needs(Permission.HANDLE_CASES)
def edit(work: UnitOfWork, scope: Scope, case_id: int, comment_id: int, text: str) -> int:
    """New words for one's own comment; the old ones stay in the story."""
    row = cases.found(work, scope, case_id, lock=True)
    stored = work.session.get(CaseEvent, comment_id)
    if stored is None or (stored.case_id, stored.kind) != (case_id, "comment"):
        raise NotFound(_("There is no such comment."))
    if stored.actor != scope.actor:
        raise Forbidden(_("Only its author changes a comment."))
    said = _checked(text, Audience.INTERNAL)
    note(work, row, [said])
    return story.tell(work, scope, row, "comment_edited", words=said, comment=comment_id)


def mentioned(text: str, names: Mapping[int, str]) -> set[int]:
    """Accounts whose names stand behind an @."""
    said = {name.casefold() for name in _MENTION.findall(text)}
    return {account for account, name in names.items() if _handle(name) in said}


@needs(Permission.SEE_CASES)
def mentions_in(work: UnitOfWork, scope: Scope, text: str) -> set[int]:
    """Accounts that a comment names."""
    return mentioned(text, workers.names(work, scope))


def _handle(name: str) -> str:
    return re.sub(r"[^\w.-]+", ".", name.casefold()).strip(".")


def _checked(text: str, audience: Audience) -> str:
    said = text.strip()
    if not said:
        raise BadInput("text", _("Please fill this in."))
    if len(said) > MOST_LETTERS:
        raise BadInput("text", _("This is too long."))
    if audience is Audience.CLIENT and _MENTION.search(said):
        raise BadInput("text", _("What the patient is to read mentions no colleague."))
    return said
