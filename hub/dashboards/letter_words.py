"""Pure: why a message could not be stored, in plain words, and what whoever looks at it can do."""

from hub.core.texts import N_

LETTERS: dict[str, tuple[str, str]] = {
    "invalid_json": (
        N_("Not readable"),
        N_(
            "What arrived is no message: it was cut off, or something else was sent to this address."
        ),
    ),
    "bad_frame": (
        N_("A damaged attachment"),
        N_("The message that brings a file along was cut off or damaged on its way."),
    ),
    "too_large": (N_("Too large"), N_("The message is larger than any that a terminal sends.")),
    "over_limit": (N_("Beyond a limit"), N_("The message is longer or deeper than is allowed.")),
    "invalid_field": (
        N_("A field that cannot be right"),
        N_("The message could be read, but one of its fields says what it must not."),
    ),
    "unknown_type": (
        N_("An unknown kind of message"),
        N_("The terminal may be newer than this hub. Update the hub, then replay it."),
    ),
    "unhandled_type": (
        N_("A kind of message that is not used yet"),
        N_(
            "It is readable, but this hub has no place for it. A later version may have: replay it then."
        ),
    ),
    "foreign_identity": (
        N_("Another terminal's name"),
        N_("A terminal spoke in the name of another one. Find out which one it was."),
    ),
    "foreign_type": (
        N_("Another kind than announced"),
        N_("The message says to be of another kind than the address that it was sent to."),
    ),
    "bad_topic": (
        N_("An unknown address"),
        N_("It was sent to an address that nobody has. Look at the settings of whoever sends."),
    ),
    "unknown_device": (
        N_("An unknown terminal"),
        N_("Enrol the terminal if it is yours, then replay what it has sent."),
    ),
    "wrong_address": (
        N_("A terminal of another facility"),
        N_(
            "It was enrolled elsewhere. Enrol it here if it has moved, then replay what it has sent."
        ),
    ),
    "fork": (
        N_("Two terminals with one identity"),
        N_("Take the copied one away and let the other speak again, then replay this."),
    ),
    "photograph": (
        N_("A photograph that was refused"),
        N_(
            "It does not belong to the answer that it names, or cannot be opened. "
            "It stays sealed until photographs of that age are deleted."
        ),
    ),
    "not_storable": (
        N_("Refused while it was stored"),
        N_(
            "The database or a rule refused it. The hub's log says more; replay it once that is mended."
        ),
    ),
}
"""By the kind that is stored with a dead letter: a title, and a sentence."""
