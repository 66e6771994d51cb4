"""What is personal in a case: who complained, how to reach them, and their words. Kept encrypted together.

Decides how it is stored and who is never told: whoever is complained about. Reading it in full is audited.
"""

import json
from dataclasses import asdict, dataclass

from hub.cases.tables import PatientCase
from hub.core.errors import Forbidden
from hub.core.keys import Vault
from hub.core.permissions import Permission
from hub.core.scope import Scope, require
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.rules import masked_phone
from hub.identity.colleagues import is_oneself
from hub.sms import telephones


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Empty where the patient did not say. `may_mail` is their consent to e-mails."""

    phone: str = ""
    email: str = ""
    name: str = ""
    words: str = ""
    may_mail: bool = False


def sealed(vault: Vault, person: Person) -> bytes:
    """As it is stored."""
    return vault.seal(json.dumps(asdict(person), ensure_ascii=False).encode())


def opened(vault: Vault, stored: bytes) -> Person:
    """As it was told."""
    known = json.loads(vault.open(stored))
    return Person(**{name: known[name] for name in Person.__dataclass_fields__ if name in known})


def mark_of(vault: Vault, organisation: str, phone: str) -> str | None:
    """What the cases of one telephone have in common; None without one."""
    return telephones.fingerprint(vault, organisation, phone) if phone else None


def hidden_from(work: UnitOfWork, scope: Scope, case: PatientCase) -> bool:
    """Whether whoever asks is the one complained about, or may not see patients' numbers and words at all."""
    if not scope.within(case.facility).may(Permission.SEE_TELEPHONES):
        return True
    return is_oneself(work, scope, case.employee)


def shown(work: UnitOfWork, scope: Scope, case: PatientCase) -> Person:
    """For a page: the number masked; nothing at all for whoever may not know who complained."""
    person = opened(work.vault, case.sealed)
    if hidden_from(work, scope, case):
        return Person(words="")
    phone = masked_phone(person.phone) if person.phone else ""
    return Person(phone, person.email, person.name, person.words, person.may_mail)


def revealed(work: UnitOfWork, scope: Scope, case: PatientCase) -> Person:
    """In full, which is audited; Forbidden for whoever is complained about."""
    require(scope.within(case.facility), Permission.SEE_TELEPHONES)
    if hidden_from(work, scope, case):
        raise Forbidden(_("This complaint concerns you. Who made it is not shown to you."))
    work.audit.record(scope, "contact.read", f"case/{case.id}", facility=case.facility)
    return opened(work.vault, case.sealed)
