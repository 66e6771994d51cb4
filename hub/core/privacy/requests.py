"""A patient's request: what is kept of their telephone number, handed over or erased. Both are audited, without it."""

from collections.abc import Mapping

from hub.core.audit.chain import Value
from hub.core.permissions import Permission
from hub.core.privacy.holders import Holders, Kept, telephone
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork


@needs(Permission.ANSWER_PRIVACY)
def kept_of(
    work: UnitOfWork, scope: Scope, holders: Holders, written: str
) -> Mapping[str, list[Kept]]:
    """Everything, by kind; in a unit of work that may write, because reading it is an entry of the audit log."""
    number = telephone(written)
    found = {holder.kind: holder.find(work, scope, number) for holder in holders}
    counts: dict[str, Value] = {kind: len(things) for kind, things in found.items()}
    work.audit.record(scope, "person.exported", "person", facility=None, **counts)
    return found


@needs(Permission.ANSWER_PRIVACY)
def erase(work: UnitOfWork, scope: Scope, holders: Holders, written: str) -> Mapping[str, int]:
    """The person goes from everything; how many things that concerned, by kind. There is no way back."""
    number = telephone(written)
    gone = {holder.kind: holder.erase(work, scope, number) for holder in holders}
    counts: dict[str, Value] = dict(gone)
    work.audit.record(scope, "person.erased", "person", facility=None, **counts)
    return gone
