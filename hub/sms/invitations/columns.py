"""Pure: which column of a clinic's table means what: by the names that clinics use, or as somebody says."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from hub.sms.interpreter.folding import fold


class Column(StrEnum):
    """What a table may tell of a patient."""

    TELEPHONE = "telephone"
    PATIENT = "patient"
    NAME = "name"
    LANGUAGE = "language"
    EMPLOYEE = "employee"
    TOUCHPOINT = "touchpoint"
    STRATUM = "stratum"
    HAPPENED = "happened"
    TIME_ZONE = "time_zone"


_NAMES: Mapping[Column, tuple[str, ...]] = {
    Column.TELEPHONE: (
        "telephone", "phone", "phone number", "mobile", "teléfono", "telefono", "móvil", "movil", "telèfon", "mòbil",
        "телефон", "мобильный",
    ),
    Column.PATIENT: (
        "patient", "patient id", "patient_id", "nhc", "historia", "paciente", "id paciente", "pacient", "пациент",
        "номер карты", "id",
    ),
    Column.NAME: ("name", "patient name", "nombre", "nom", "имя", "фио"),
    Column.LANGUAGE: ("language", "lang", "idioma", "llengua", "язык"),
    Column.EMPLOYEE: ("employee", "doctor", "médico", "medico", "metge", "врач", "profesional"),
    Column.TOUCHPOINT: ("touchpoint", "place", "room", "lugar", "consulta", "sala", "кабинет"),
    Column.STRATUM: (
        "stratum", "group", "estrato", "grupo", "grup", "speciality", "especialidad", "группа", "отделение",
    ),
    Column.HAPPENED: (
        "happened", "date", "visit", "visit end", "visit_ended", "discharge", "treatment start", "fecha",
        "fecha visita", "alta", "fecha alta", "data", "data visita", "дата", "дата визита", "дата выписки",
    ),
    Column.TIME_ZONE: ("time_zone", "time zone", "timezone", "zona horaria", "часовой пояс"),
}  # fmt: skip


def guessed(columns: Iterable[str]) -> dict[Column, str]:
    """The column of each meaning, where its name tells; of several the first."""
    by_name = {fold(name): meaning for meaning, names in _NAMES.items() for name in names}
    found: dict[Column, str] = {}
    for column in columns:
        meaning = by_name.get(fold(column))
        if meaning is not None:
            found.setdefault(meaning, column)
    return found


def unknown(mapping: Mapping[Column, str], columns: Iterable[str]) -> list[Column]:
    """Meanings that were given to a column that is not there."""
    there = set(columns)
    return [meaning for meaning, column in mapping.items() if column not in there]
