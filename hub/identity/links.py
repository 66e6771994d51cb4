"""Links by which somebody chooses a password: sent to who is invited, and to who has forgotten theirs.

Decides for how long they are good, and that each works once. Whoever asks for one never learns whether there is such an
account. The mail names nobody.
"""

from dataclasses import dataclass

from sqlmodel import col, delete

from hub.core.errors import NotFound
from hub.core.mail.outgoing import Mail, put_mail
from hub.core.passwords import new_token, token_hash
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import attempts, reading, rules, sessions
from hub.identity.tables import Account, PasswordLink

INVITATION_MS = 7 * 86_400_000
RESET_MS = 3_600_000
PATH = "/password/"


@dataclass(frozen=True, slots=True)
class Addresses:
    """How staff reach the pages: `https://wellheard.example`, without a slash at its end."""

    public_url: str

    def of(self, token: str) -> str:
        """The page that a link leads to."""
        return f"{self.public_url}{PATH}{token}"


def invite(work: UnitOfWork, addresses: Addresses, account: Account) -> str:
    """A link for somebody new, mailed where there is an address, and returned to be handed over."""
    link = addresses.of(_make(work, account, INVITATION_MS))
    text = _(
        "You have been invited to Wellheard. Choose your password within seven days:\n\n%(link)s\n"
    ) % {"link": link}
    if (to := reading.email_of(work, account)) is not None:
        put_mail(work, Mail(to, _("Your invitation to Wellheard"), text))
    return link


def ask_for_reset(workplace: Workplace, addresses: Addresses, email: str, caller: str) -> None:
    """A mail to whoever has this address and an account in use; the caller learns nothing, and cannot go on asking."""
    with workplace.begin() as work:
        attempts.note(work, rules.reset_subjects(reading.folded(email), caller))
    with workplace.begin() as work:
        account = reading.by_name(work, email) if "@" in email else None
        if account is None or account.inactive_ms is not None:
            return
        to = reading.email_of(work, account)
        link = addresses.of(_make(work, account, RESET_MS))
        text = _(
            "Somebody, probably you, asked for a new password. Choose it within an hour:\n\n%(link)s\n\n"
            "If it was not you, do nothing: the old one still holds.\n"
        ) % {"link": link}
        if to is not None:
            put_mail(work, Mail(to, _("Your new password for Wellheard"), text))
            actor = Scope(account.organisation)
            work.audit.record(actor, "password.reset_asked", f"account/{account.id}")


def is_good(work: UnitOfWork, token: str) -> bool:
    """Whether a password can be chosen by this link."""
    return _account(work, token) is not None


def choose_password(work: UnitOfWork, token: str, password_hash: str) -> None:
    """The link's account has this password from now on; all its links and sessions end. NotFound for a bad link."""
    account = _account(work, token)
    if account is None or account.id is None:
        raise NotFound(_("This link has been used or is too old. Ask for a new one."))
    account.password_hash = password_hash
    work.session.add(account)
    forget(work, account.id)
    sessions.end_all(work, account.id)
    actor = Scope(account.organisation, actor=f"account/{account.id}")
    work.audit.record(actor, "password.chosen", f"account/{account.id}")


def forget(work: UnitOfWork, account: int) -> None:
    """No link of this account works any more."""
    work.session.exec(delete(PasswordLink).where(col(PasswordLink.account) == account))


def _make(work: UnitOfWork, account: Account, good_ms: int) -> str:
    work.session.exec(delete(PasswordLink).where(col(PasswordLink.expires_ms) <= work.now_ms))
    token = new_token()
    work.session.add(
        PasswordLink(
            token_hash=token_hash(token),
            account=account.id or 0,
            expires_ms=work.now_ms + good_ms,
        )
    )
    return token


def _account(work: UnitOfWork, token: str) -> Account | None:
    link = work.session.get(PasswordLink, token_hash(token))
    if link is None or link.expires_ms <= work.now_ms:
        return None
    account = work.session.get(Account, link.account)
    return None if account is None or account.inactive_ms is not None else account
