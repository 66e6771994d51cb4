"""The words of every message: the campaign's, else the facility's, else the ones that come with the hub.

Decides which letters and placeholders a clinic's words may hold. What a text costs is `parts.py`'s.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, delete, func, select

from hub.core import conflicts
from hub.core.errors import BadInput
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.sms.campaigns.tables import SmsText, SmsTextVersion
from hub.sms.engine.templates import Template
from hub.sms.parts import Encoding, Parts, parts_of
from hub.sms.texts import default_texts

PLACEHOLDERS = {"number": "10", "emergency": "112", "facility": "Clínica"}
"""What a text may name, with an example of it."""
LONGEST = 1000

written: Table = SmsText.__table__  # type: ignore[attr-defined]
versions: Table = SmsTextVersion.__table__  # type: ignore[attr-defined]

_standard = cache(default_texts)


class Place(NamedTuple):
    """Whose words: a campaign's, or with "" all of a facility's."""

    facility: str
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """How a text would look and what it costs; `turns` are letters without which it had fewer parts."""

    text: str
    parts: Parts
    turns: tuple[str, ...]
    least_parts: int


@dataclass(frozen=True, slots=True)
class Version:
    """What words were from a moment on; empty: the standard ones."""

    version: int
    text: str
    changed_by: str
    at_ms: int


@needs(Permission.SEE_ANSWERS)
def words_of(
    work: UnitOfWork, scope: Scope, place: Place, language: str, template: Template
) -> str:
    """The text, with its placeholders. KeyError for a language that has none."""
    c = written.c
    wanted = select(c.campaign, c.text).where(
        scope.rows(c),
        c.facility == place.facility,
        c.campaign.in_(["", place.campaign]),
        c.language == language,
        c.template == template,
    )
    own = {row.campaign: row.text for row in work.connection.execute(wanted)}
    return own.get(place.campaign) or own.get("") or _standard(language)[template]


@needs(Permission.SEE_ANSWERS)
def own_words(work: UnitOfWork, scope: Scope, place: Place) -> dict[tuple[str, Template], str]:
    """What a clinic has written itself, by language and message."""
    c = written.c
    wanted = select(c.language, c.template, c.text).where(
        scope.rows(c), c.facility == place.facility, c.campaign == place.campaign
    )
    return {
        (row.language, Template(row.template)): row.text for row in work.connection.execute(wanted)
    }


@needs(Permission.SEND_CAMPAIGNS)
def rewrite(
    work: UnitOfWork,
    scope: Scope,
    place: Place,
    words: Mapping[tuple[str, Template], str],
    by: str,
) -> None:
    """Replace these words; an empty text goes back to the standard one. What differs is a new version."""
    if not scope.covers(scope.organisation, place.facility):
        raise BadInput("facility", _("There is no such facility."))
    own, newest = own_words(work, scope, place), _newest(work, scope, place)
    for (language, template), text in words.items():
        check(text)
        if own.get((language, template), "") == text:
            continue
        key = {**place._asdict(), "language": language, "template": template}
        same = [written.c[name] == value for name, value in key.items()]
        work.connection.execute(delete(written).where(scope.rows(written.c), *same))
        row = {"organisation": scope.organisation, **key, "text": text}
        row |= {"changed_by": by, "at_ms": work.now_ms}
        if text:
            work.session.add(SmsText(**row))
        version = newest.get((language, template), 0) + 1
        conflicts.add(work, SmsTextVersion(**row, version=version), conflicts.changed_meanwhile())
    work.session.flush()


@needs(Permission.SEE_ANSWERS)
def history(
    work: UnitOfWork, scope: Scope, place: Place, language: str
) -> dict[Template, list[Version]]:
    """What a clinic's own words in a language have been, by message, the newest first."""
    c = versions.c
    wanted = select(c.template, c.version, c.text, c.changed_by, c.at_ms).where(
        _of(scope, place), c.language == language
    )
    found: dict[Template, list[Version]] = {}
    for template, *told in work.connection.execute(wanted.order_by(c.version.desc())):
        found.setdefault(Template(template), []).append(Version(*told))
    return found


def check(text: str) -> None:
    """BadInput for words that could not be sent as they are."""
    if len(text) > LONGEST:
        raise BadInput("text", _("This is too long for an SMS."))
    unknown = next((name for name in _named(text) if name not in PLACEHOLDERS), None)
    if unknown is not None:
        raise BadInput("text", _("There is no placeholder {name}.").format(name=unknown))


def filled(text: str, **told: object) -> str:
    """The text with what it names; checked words only."""
    return text.format(**told)


def preview(text: str, **told: object) -> Preview:
    """What the patient would get; what is not told is filled with examples."""
    check(text)
    shown = filled(text, **(PLACEHOLDERS | told))
    parts = parts_of(shown)
    return Preview(shown, parts, *_turns(shown, parts))


def _newest(work: UnitOfWork, scope: Scope, place: Place) -> dict[tuple[str, Template], int]:
    c = versions.c
    wanted = select(c.language, c.template, func.max(c.version)).where(_of(scope, place))
    rows = work.connection.execute(wanted.group_by(c.language, c.template))
    return {(language, Template(template)): version for language, template, version in rows}


def _of(scope: Scope, place: Place) -> ColumnElement[bool]:
    c = versions.c
    return and_(scope.rows(c), c.facility == place.facility, c.campaign == place.campaign)


def _turns(text: str, parts: Parts) -> tuple[tuple[str, ...], int]:
    """The letters that alone keep a text from GSM-7, if it had fewer parts without them, and how many those are."""
    if parts.encoding is Encoding.GSM_7:
        return (), parts.parts
    costly = dict.fromkeys(letter for letter in text if parts_of(letter).encoding is Encoding.UCS_2)
    least = parts_of("".join("-" if letter in costly else letter for letter in text)).parts
    return (tuple(costly), least) if least < parts.parts else ((), parts.parts)


def _named(text: str) -> Iterator[Any]:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise BadInput("text", _("A brace stands alone. Write it twice.")) from error
    for _literal, name, form, conversion in pieces:
        if name is not None:
            yield name if not (form or conversion) else text
