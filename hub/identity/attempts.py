"""Counting attempts to get in, so that nobody can go on trying.

An attempt counts as failed from its beginning until it has succeeded, so that attempts made at the same time are
counted too. Whose attempts are counted together is decided in `rules`.
"""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import func
from sqlmodel import col, delete, select

from hub.core.errors import TooManyAttempts
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import rules
from hub.identity.rules import AttemptSubject
from hub.identity.tables import LoginAttempt


def note(
    work: UnitOfWork, subjects: Sequence[AttemptSubject], refusal: str | None = None
) -> list[int | None]:
    """Count one attempt of each; TooManyAttempts when one has had its share.

    `refusal` says so, where it is not about signing in.
    """
    began = work.now_ms - rules.ATTEMPT_WINDOW_MS
    work.session.exec(delete(LoginAttempt).where(col(LoginAttempt.at_ms) <= began))
    for subject in subjects:
        counted = select(func.count()).where(col(LoginAttempt.subject) == _digest(subject))
        if work.session.exec(counted).one() >= subject.allowed:
            raise TooManyAttempts(
                refusal
                or _("Too many attempts to sign in. Wait a quarter of an hour and try again."),
                retry_after_s=rules.ATTEMPT_WINDOW_MS // 1000,
            )
    rows = [LoginAttempt(subject=_digest(subject), at_ms=work.now_ms) for subject in subjects]
    work.session.add_all(rows)
    work.session.flush()
    return [row.id for row in rows]


def take_back(work: UnitOfWork, attempt: list[int | None]) -> None:
    """This attempt was a right one, and does not count."""
    work.session.exec(delete(LoginAttempt).where(col(LoginAttempt.id).in_(attempt)))


def forget(work: UnitOfWork, person: AttemptSubject, attempt: list[int | None]) -> None:
    """This attempt, and the person's earlier ones; what others tried on the account or the place stays counted."""
    forgotten = (col(LoginAttempt.subject) == _digest(person)) | col(LoginAttempt.id).in_(attempt)
    work.session.exec(delete(LoginAttempt).where(forgotten))


def _digest(subject: AttemptSubject) -> str:
    return sha256(subject.name.encode()).hexdigest()
