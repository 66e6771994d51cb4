"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.

Decides that no code is good twice, and that a new secret counts only after one code of it was entered.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hmac import compare_digest

import pyotp
import segno
from cryptography.fernet import InvalidToken
from sqlmodel import col, delete, select

from hub.core.errors import BadInput, Conflict, Forbidden, NotSignedIn
from hub.core.passwords import generated_password, token_hash
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity.tables import Account, RecoveryCode
from hub.identity.views import Visitor

ISSUER = "Wellheard"
STEP_S = 30
RECOVERY_CODES = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret that its owner has yet to confirm: as text, as a picture, and sealed to come back with the code."""

    secret: str
    picture: str
    sealed: str


def offer(work: UnitOfWork, visitor: Visitor, sealed: str | None = None) -> Offer:
    """A new secret for the visitor's app, or after a wrong code the same once more; nothing is stored."""
    secret = pyotp.random_base32() if sealed is None else _secret(work, visitor, sealed)
    address = pyotp.TOTP(secret).provisioning_uri(name=visitor.account.name, issuer_name=ISSUER)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#fff")
    told = json.dumps([visitor.account.id, secret]).encode()
    return Offer(secret, picture, urlsafe_b64encode(work.vault.seal(told)).decode())


def confirm(work: UnitOfWork, visitor: Visitor, sealed: str, code: str) -> list[str]:
    """Ask for codes of this secret from now on; returns recovery codes, which are shown now and never again."""
    secret = _secret(work, visitor, sealed)
    step = _step_of(secret, code, work.now_ms)
    if step is None:
        raise BadInput("code", _("This is not the code that the app shows now."))
    account = _account(work, visitor)
    if account.totp_sealed is not None:
        raise Conflict(_("Your account has a second factor already. Remove it first."))
    account.totp_sealed, account.totp_step = work.vault.seal(secret.encode()), step
    work.session.add(account)
    _forget_recovery_codes(work, visitor.account.id)
    codes = [generated_password() for _number in range(RECOVERY_CODES)]
    work.session.add_all(
        RecoveryCode(code_hash=token_hash(one), account=visitor.account.id) for one in codes
    )
    work.audit.record(visitor.scope, "second_factor.set", f"account/{visitor.account.id}")
    return codes


def remove(work: UnitOfWork, account: Account) -> None:
    """Ask for a password alone again."""
    account.totp_sealed = None
    work.session.add(account)
    _forget_recovery_codes(work, account.id or 0)


def check(work: UnitOfWork, account: Account, code: str) -> None:
    """Nothing where there is no second factor; NotSignedIn where the code is neither the app's nor a recovery code."""
    if account.totp_sealed is None:
        return
    step = _step_of(work.vault.open(account.totp_sealed).decode(), code, work.now_ms)
    if step is not None and step > account.totp_step:
        account.totp_step = step
        work.session.add(account)
        return
    recovered = work.session.get(RecoveryCode, token_hash(code.strip().lower()))
    if recovered is None or recovered.account != account.id:
        raise NotSignedIn(_("This is not the code that the app shows now."), field="code")
    work.session.delete(recovered)


def _step_of(secret: str, code: str, now_ms: int) -> int | None:
    """Which half minute the code is of: this one, the one before or the one after; None for any other."""
    given = "".join(code.split())
    now = now_ms // 1000 // STEP_S
    for step in (now, now - 1, now + 1):
        if compare_digest(pyotp.TOTP(secret).at(step * STEP_S).encode(), given.encode()):
            return step
    return None


def _secret(work: UnitOfWork, visitor: Visitor, sealed: str) -> str:
    try:
        number, secret = json.loads(work.vault.open(urlsafe_b64decode(sealed)))
    except (InvalidToken, ValueError, TypeError):
        raise BadInput("code", _("This page was too old to be used. Load it again.")) from None
    if number != visitor.account.id or not isinstance(secret, str):
        raise Forbidden(_("Your account is not for this. Ask an administrator."))
    return secret


def _account(work: UnitOfWork, visitor: Visitor) -> Account:
    wanted = select(Account).where(col(Account.id) == visitor.account.id)
    return work.session.exec(wanted.with_for_update()).one()


def _forget_recovery_codes(work: UnitOfWork, account: int) -> None:
    work.session.exec(delete(RecoveryCode).where(col(RecoveryCode.account) == account))
