"""Who wants to hear of alerts, and how: everybody's own choice, and nobody hears of any without one."""

from dataclasses import dataclass

from sqlmodel import select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import spoken
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.tables import AlertChoice
from hub.identity.colleagues import colleagues


@dataclass(frozen=True, slots=True)
class Choice:
    """By e-mail to the account's address, by web push to its browsers that may be woken; in which language."""

    by_mail: bool = False
    by_push: bool = False
    language: str | None = None


@needs(Permission.SEE_DEVICES)
def choice(work: UnitOfWork, scope: Scope, account: int) -> Choice:
    """One's own."""
    row = work.session.get(AlertChoice, (scope.organisation, account))
    return Choice() if row is None else _choice(row)


@needs(Permission.SEE_DEVICES)
def choose(work: UnitOfWork, scope: Scope, account: int, chosen: Choice) -> None:
    """From now on; in the language of the page on which it is chosen, until the account has one of its own."""
    row = AlertChoice(
        organisation=scope.organisation,
        account=account,
        by_mail=chosen.by_mail,
        by_push=chosen.by_push,
        language=spoken().code,
    )
    work.session.merge(row)
    work.session.flush()
    work.audit.record(
        scope,
        "alerts.chosen",
        f"account/{account}",
        by_mail=int(chosen.by_mail),
        by_push=int(chosen.by_push),
    )


@needs(Permission.SEE_DEVICES)
def listeners(work: UnitOfWork, scope: Scope) -> dict[int, Choice]:
    """Whoever may see the scope's terminals, can sign in, and wants to hear of their alerts; by account."""
    here = {c.account: c for c in colleagues(work, scope, Permission.SEE_DEVICES) if c.in_use}
    rows = work.session.exec(
        select(AlertChoice).where(AlertChoice.organisation == scope.organisation)
    )
    return {
        row.account: _choice(row, here[row.account].language) for row in rows if row.account in here
    }


def _choice(row: AlertChoice, own: str | None = None) -> Choice:
    return Choice(row.by_mail, row.by_push, own or row.language)
