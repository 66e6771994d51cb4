"""What somebody changes of their own account. The password is asked for again: an open screen is not enough."""

from hub.core.errors import BadInput, NotFound
from hub.core.passwords import MAX_PASSWORD_LENGTH, Passwords
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import attempts, links, rules, second_factor, sessions
from hub.identity.signing_in import Caller
from hub.identity.tables import Account
from hub.identity.views import Visitor


def change_password(
    workplace: Workplace,
    passwords: Passwords,
    visitor: Visitor,
    caller: Caller,
    *,
    current: str,
    chosen: str,
) -> None:
    """The other browsers are signed out, and no link to choose a password works any more."""
    _check(workplace, passwords, visitor, caller, current)
    hashed = passwords.hash(chosen)
    with workplace.begin() as work:
        row = _row(work, visitor)
        row.password_hash = hashed
        work.session.add(row)
        links.forget(work, visitor.account.id)
        sessions.end_all(work, visitor.account.id, but=caller.former_token)
        work.audit.record(visitor.scope, "password.chosen", f"account/{row.id}")


def remove_second_factor(
    workplace: Workplace, passwords: Passwords, visitor: Visitor, caller: Caller, current: str
) -> None:
    """A password is enough again."""
    _check(workplace, passwords, visitor, caller, current)
    with workplace.begin() as work:
        second_factor.remove(work, _row(work, visitor))
        work.audit.record(visitor.scope, "second_factor.removed", f"account/{visitor.account.id}")


def _check(
    workplace: Workplace, passwords: Passwords, visitor: Visitor, caller: Caller, current: str
) -> None:
    subjects = rules.attempt_subjects(visitor.account.name, caller.address)
    with workplace.begin() as work:
        attempt = attempts.note(work, subjects)
        stored = _row(work, visitor).password_hash
    if len(current) > MAX_PASSWORD_LENGTH or not passwords.verify(stored, current):
        raise BadInput("current", _("This is not your password."))
    with workplace.begin() as work:
        attempts.forget(work, subjects[0], attempt)


def _row(work: UnitOfWork, visitor: Visitor) -> Account:
    row = work.session.get(Account, visitor.account.id)
    if row is None:
        raise NotFound(_("There is no such account."))
    return row
