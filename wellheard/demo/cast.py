"""Who works in the demonstration clinic and where its patients are asked. Nobody of them exists."""

from dataclasses import dataclass
from typing import Any, Literal

Asks = Literal["faces", "recommend", "score"]
"""Buttons with faces, the express survey about a doctor, or 0 to 10 about the clinic."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom patients meet."""

    name: str
    speciality: str
    facility: str = "demo"
    long_hair: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A touchpoint: the terminal that speaks for it, whom it asks about, and how many answer each thing on a usual day.

    `content` is the share of those who are. A recommendation is asked for each of the employees.
    """

    name: str
    device: str
    employees: tuple[str, ...]
    answers: int
    asks: tuple[Asks, ...] = ("faces",)
    content: float = 0.8
    facility: str = "demo"


FACILITIES = {
    "demo": "Demonstration clinic",
    "demo-north": "Demonstration clinic, North",
    "demo-harbour": "Demonstration clinic, Harbour",
}

PEOPLE = {
    "ana-ruiz": Person("Ana Ruiz", "Reception", long_hair=True),
    "marc-puig": Person("Marc Puig", "Reception"),
    "olga-petrova": Person("Olga Petrova", "Nurse", long_hair=True),
    "lucia-vidal": Person("Lucía Vidal", "Security", long_hair=True),
    "jordi-serra": Person("Dr Jordi Serra", "Cardiology"),
    "irina-orlova": Person("Dr Irina Orlova", "Radiology", long_hair=True),
    "david-klein": Person("Dr David Klein", "Dermatology"),
    "nuria-font": Person("Dr Núria Font", "Paediatrics", long_hair=True),
    "elena-volkova": Person("Dr Elena Volkova", "Neurology", "demo-north", long_hair=True),
    "james-hart": Person("Dr James Hart", "Orthopaedics", "demo-north"),
    "marta-gil": Person("Dr Marta Gil", "Family medicine", "demo-north", long_hair=True),
    "pere-soler": Person("Pere Soler", "Reception", "demo-north"),
    "anna-weiss": Person("Dr Anna Weiss", "Ophthalmology", "demo-harbour", long_hair=True),
    "omar-haddad": Person("Dr Omar Haddad", "Dentistry", "demo-harbour"),
    "carla-bosch": Person("Dr Carla Bosch", "Family medicine", "demo-harbour", long_hair=True),
}

BOTH: tuple[Asks, ...] = ("faces", "recommend")
_NORTH, _HARBOUR = "demo-north", "demo-harbour"

PLACES = {
    "reception-1": Place("Reception, desk 1", "hall-1", ("ana-ruiz",), 24),
    "reception-2": Place("Reception, desk 2", "hall-1", ("marc-puig",), 18, content=0.72),
    "waiting-room": Place("Waiting room", "hall-1", ("olga-petrova",), 13, content=0.7),
    "exit": Place("Exit", "hall-1", ("lucia-vidal",), 26, content=0.82),
    "room-12": Place("Room 12", "floor-2", ("jordi-serra",), 9, BOTH, content=0.86),
    "room-14": Place("Room 14", "floor-2", ("david-klein",), 10, BOTH),
    "room-15": Place("Room 15", "floor-2", ("nuria-font",), 11, BOTH),
    "ultrasound": Place("Ultrasound", "floor-2", ("irina-orlova",), 10, BOTH, content=0.84),
    "entrance": Place("Entrance", "hall-1", (), 22, ("score",)),
    "north-reception": Place("Reception, North", "north-1", ("pere-soler",), 22, facility=_NORTH),
    "north-exit": Place("Exit, North", "north-1", (), 19, content=0.75, facility=_NORTH),
    "north-doctors": Place(
        "Doctors' corridor, North", "north-1", ("elena-volkova", "james-hart", "marta-gil"),
        10, ("recommend",), content=0.86, facility=_NORTH,
    ),
    "harbour-doctors": Place(
        "Doctors' corridor, Harbour", "harbour-1", ("anna-weiss", "omar-haddad", "carla-bosch"),
        9, ("recommend",), facility=_HARBOUR,
    ),
    "harbour-exit": Place("Exit, Harbour", "harbour-1", (), 20, ("faces", "score"), facility=_HARBOUR),
}  # fmt: skip
"""Patients press live at the terminals `hall-1` and `floor-2`; the others have a history alone."""

SCREENS = {
    "hall-1": "exit",
    "floor-2": "room-12",
    "north-1": "north-reception",
    "harbour-1": "harbour-exit",
}
"""Where each terminal stands, and counts who comes near."""

PAST_ALONE = {"north-1": "Hall, North", "harbour-1": "Hall, Harbour"}
"""Terminals that nobody presses at live, and their names."""

AFTER_VISIT = "after-visit"
CAMPAIGNS: tuple[dict[str, Any], ...] = (
    {"id": "try-it-es", "name": "Demonstration, SI", "trigger": "demonstration", "keyword": "SI"},
    {"id": "try-it-en", "name": "Demonstration, YES", "trigger": "demonstration", "keyword": "YES", "language": "en"},
    {"id": "try-it-ru", "name": "Demonstration, ДА", "trigger": "demonstration", "keyword": "ДА", "language": "ru"},
    {
        "id": AFTER_VISIT,
        "name": "After the visit (invented patients)",
        "policy": {"from_minute": 0, "until_minute": 1440, "weekdays": list(range(7)), "part_price": "0.045"},
    },
)  # fmt: skip
"""Asked by SMS: three that anybody may start from the telephone on the page, and one with invented patients."""

HISTORY_EPOCH = 1
"""Of the numbering of what terminals are made to have sent before; that of live ones is drawn at random."""
