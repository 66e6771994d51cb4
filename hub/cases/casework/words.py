"""Words by which a case is found, without lying open: each is stemmed and stored as a keyed fingerprint.

Decides what somebody who searches means: every word must be there, in whatever form and in any of the languages. What
equal words of two cases give away is that they are equal.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import snowballstemmer
from sqlalchemy import ColumnElement, Select, Table, and_, delete, exists, func, or_, select

from hub.cases.tables import CaseWord, PatientCase
from hub.core.bulk import insert_new
from hub.core.keys import Vault
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.interpreter.folding import fold

case_word: Table = CaseWord.__table__  # type: ignore[attr-defined]
patient_case: Table = PatientCase.__table__  # type: ignore[attr-defined]

STEMMERS = {"es": "spanish", "ca": "catalan", "ru": "russian", "en": "english"}
MOST_TERMS = 8
_FEWEST_DIGITS = 6
"""Of what is taken for a telephone."""
_WORD = re.compile(r"\w+")
_PHONE = re.compile(r"\+?[\d\s().-]{6,}")
_COUNTED = 2_000
_NUMBER = re.compile(r"#?(\d{1,12})")


def note(work: UnitOfWork, case: PatientCase, texts: Iterable[str], phone: str = "") -> None:
    """Have a case found by these words, and by a telephone number, from now on."""
    stems = {stem for text in texts for stem in _stems(text)}
    if phone:
        stems.add(_digits(phone))
    place = (case.organisation, case.facility)
    rows = [(*place, _print(work.vault, place[0], stem), case.id) for stem in sorted(stems)]
    insert_new(work.connection, case_word, ("organisation", "facility", "word", "case_id"), rows)


def forget(work: UnitOfWork, scope: Scope, case_id: int) -> None:
    """Have it found by no words any more."""
    work.connection.execute(
        delete(case_word).where(scope.rows(case_word.c), case_word.c.case_id == case_id)
    )


def found_by(work: UnitOfWork, scope: Scope, text: str) -> ColumnElement[bool] | None:
    """The condition on a case that it is meant by what somebody typed; None where they typed nothing."""
    number = _NUMBER.fullmatch(text.strip())
    terms = _terms(text)
    if not terms:
        return None
    counts = {term: _count(work, scope, term) for term in terms}
    rarest, *others = sorted(terms, key=lambda term: counts[term])
    # Of a frequent word the newest cases are soon found one by one; gathering all that have it takes long.
    frequent = counts[rarest] >= _COUNTED
    first = _has(work, scope, rarest) if frequent else _among(work, scope, rarest)
    meant = and_(first, *(_has(work, scope, term) for term in others))
    return or_(meant, patient_case.c.id == int(number[1])) if number else meant


def _terms(text: str) -> list[frozenset[str]]:
    """Each a set of forms of which one must be there."""
    phones = [_digits(found) for found in _PHONE.findall(text)]
    phones = [digits for digits in phones if len(digits) >= _FEWEST_DIGITS]
    rest = _PHONE.sub(" ", text) if phones else text
    words = [_forms(word) for word in _WORD.findall(fold(rest))]
    return [*(frozenset({digits}) for digits in phones), *words][:MOST_TERMS]


def _stems(text: str) -> set[str]:
    return {stem for word in _WORD.findall(fold(text)) for stem in _forms(word)}


@lru_cache(maxsize=20_000)
def _forms(word: str) -> frozenset[str]:
    """The word and its stem in each language."""
    return frozenset({word, *(_stemmer(language).stemWord(word) for language in STEMMERS)})


@cache
def _stemmer(language: str) -> snowballstemmer.basestemmer.BaseStemmer:
    return snowballstemmer.stemmer(STEMMERS[language])


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone).removeprefix("00")


def _print(vault: Vault, organisation: str, stem: str) -> int:
    """A signed number of 64 bits."""
    return int(vault.fingerprint(f"{organisation}\nword\n{stem}")[:16], 16) - (1 << 63)


def _prints(work: UnitOfWork, scope: Scope, term: Iterable[str]) -> list[int]:
    return [_print(work.vault, scope.organisation, form) for form in sorted(term)]


def _rows(work: UnitOfWork, scope: Scope, term: Iterable[str]) -> ColumnElement[bool]:
    return and_(scope.rows(case_word.c), case_word.c.word.in_(_prints(work, scope, term)))


def _cases_of(work: UnitOfWork, scope: Scope, term: Iterable[str]) -> Select[tuple[int]]:
    return select(case_word.c.case_id).where(_rows(work, scope, term))


def _among(work: UnitOfWork, scope: Scope, term: Iterable[str]) -> ColumnElement[bool]:
    return patient_case.c.id.in_(_cases_of(work, scope, term))


def _has(work: UnitOfWork, scope: Scope, term: Iterable[str]) -> ColumnElement[bool]:
    word = case_word.alias()
    return exists().where(
        word.c.organisation == patient_case.c.organisation,
        word.c.facility == patient_case.c.facility,
        word.c.word.in_(_prints(work, scope, term)),
        word.c.case_id == patient_case.c.id,
    )


def _count(work: UnitOfWork, scope: Scope, term: Iterable[str]) -> int:
    """How many cases have it, up to a point: the rarest term is looked up first."""
    some = _cases_of(work, scope, term).limit(_COUNTED).subquery()
    return int(work.connection.execute(select(func.count()).select_from(some)).scalar_one())
