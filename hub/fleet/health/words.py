"""Pure: how terminals are, in plain words of the reader's language.

A trouble is said by its check and its reason, so that a terminal need not speak the reader's language; what is not
known here is said in the terminal's own English sentence.
"""

from collections import Counter
from collections.abc import Sequence

from hub.core.texts import N_, gettext, ngettext, number
from hub.core.texts import gettext as _
from hub.fleet.health.troubles import WORKING, Level, Trouble

LEVELS: dict[Level, str] = {
    Level.WELL: N_("works"),
    Level.WAITING: N_("waits for its update"),
    Level.AWAITED: N_("not started yet"),
    Level.SHUT_OUT: N_("shut out"),
    Level.WATCH: N_("keep an eye on it"),
    Level.ACT: N_("needs attention"),
    Level.VISIT: N_("needs a visit"),
}
UNITS: dict[str, str] = {
    "times": "×",
    "messages": N_("in the queue"),
    "bounces": N_("× bounced"),
    "per hour": N_("per hour"),
    "h": N_("h"),
    "s": N_("s"),
    "ms": N_("ms"),
}
"""Of readings, so that they stand after any number."""
TONES: dict[Level, str] = {
    Level.WELL: "good",
    Level.WAITING: "plain",
    Level.AWAITED: "plain",
    Level.SHUT_OUT: "out",
    Level.WATCH: "warn",
    Level.ACT: "bad",
    Level.VISIT: "bad",
}
ADVICE: dict[Level, str] = {
    Level.AWAITED: N_("Switch it on: it shows here by itself."),
    Level.SHUT_OUT: N_(
        "Nothing is taken from it. Take it away from patients: what they say there is lost. "
        "Another terminal can take its place."
    ),
}
"""What to do about a terminal of which no trouble says so."""
SHOWN_REASONS = 3

_SAID: dict[str, dict[str, str]] = {
    "admission": {
        "": N_("it asks in vain to be let in"),
        "still_on": N_("it is still switched on, and asks in vain to be let in"),
        "predecessor": N_(
            "the terminal that was here before is still switched on: what is said there is lost"
        ),
    },
    "certificate": {
        "": N_("its certificate is not renewed"),
        "late": N_("its certificate is not renewed: it does not reach the hub's web address"),
        "expired": N_(
            "its certificate has run out: it must reach the hub's web address to get another"
        ),
    },
    "identity": {"": N_("another terminal has the same identity")},
    "outbox": {"": N_("its memory is full, and answers are refused")},
    "offline": {"": N_("it does not answer")},
    "camera": {
        "": N_("the camera does not see"),
        "lost": N_("the camera is unplugged"),
        "silent": N_("the camera gives no pictures"),
        "black": N_("the camera sees only black"),
        "occluded": N_("the camera is covered"),
        "frozen": N_("the camera stands still"),
        "damaged": N_("the camera's pictures arrive damaged"),
        "blind": N_("the camera's pictures cannot be looked at: a model is missing"),
    },
    "smiles": {"": N_("smiles cannot be counted")},
    "panel": {
        "": N_("the buttons do not work"),
        "unplugged": N_("the buttons are unplugged"),
        "stuck": N_("a button is stuck"),
        "denied": N_("the buttons may not be read"),
        "busy": N_("another program holds the buttons"),
        "twins": N_("two panels cannot be told apart"),
        "unbound": N_("a panel belongs to no touchpoint yet"),
        "dropped": N_("presses came faster than they could be read"),
    },
    "storm": {"": N_("somebody hammers on the buttons")},
    "silence": {"": N_("nobody has touched it for a working day")},
    "touch": {"": N_("the glass reports a finger that never goes away")},
    "screen": {
        "": N_("the screen shows nothing"),
        "frozen": N_("the screen stands still"),
    },
    "power": {
        "": N_("the power supply is too weak"),
        "throttled": N_("the processor is slowed down"),
        "under_voltage_before": N_("the power was too weak at times"),
    },
    "temperature": {"": N_("it is too hot")},
    "memory": {"": N_("its working memory is nearly full")},
    "disk": {"": N_("its disk is nearly full")},
    "card": {
        "": N_("its memory card is worn out"),
        "wearing": N_("its memory card grows old"),
        "errors": N_("its memory card has errors"),
    },
    "clock": {
        "": N_("its clock is wrong"),
        "unset": N_("no time server has set its clock"),
    },
    "clock_offset": {"": N_("its clock is wrong")},
    "queue_age": {"": N_("its messages do not reach the hub")},
    "queue_depth": {
        "": N_("its outbox cannot be used"),
        "full": N_("its outbox is full: measurements are given up"),
        "begun_anew": N_("its outbox was damaged and begun anew"),
    },
    "round_trip": {"": N_("its network is slow")},
    "connection": {"": N_("its connection breaks again and again")},
    "photographs": {"": N_("photographs cannot be taken")},
    "health": {"": N_("one of its checks cannot be made")},
    "updates": {
        "": N_("an update was refused or has failed"),
        "left": N_("a new version crashed; the one before runs again"),
    },
}


def unit_name(unit: str | None) -> str:
    """A unit as the reader writes it; one that is not known here as the terminal does."""
    return _(UNITS[unit]) if unit and unit in UNITS else unit or ""


def said(trouble: Trouble) -> str:
    """What is wrong, as half a sentence; of several panels with the panel's name."""
    return said_of(trouble.check, trouble.reason, trouble.detail)


def said_of(check: str, reason: str, detail: str = "") -> str:
    """The same of what a check found."""
    kind, _colon, about = check.partition(":")
    known = _SAID.get(kind)
    if known is None:
        return detail or check
    words = known.get(reason) or known[""]
    sentence = gettext(words)
    return f"{sentence} ({about})" if about else sentence


def summary(standings: Sequence[tuple[Level, Sequence[Trouble]]], *, tonight: bool) -> str:
    """All terminals in one sentence: how many work, how many wait, and what needs whom.

    `standings` holds each terminal's level and troubles, the worst first; `tonight` says that this is what the
    waiting ones wait for.
    """
    counts: Counter[Level] = Counter(at for at, _found in standings)
    everything = counts.total() - counts[Level.SHUT_OUT]
    working = sum(counts[level] for level in WORKING)
    told = {"all": number(everything), "num": number(working)}
    begin = ngettext("%(num)s of %(all)s works", "%(num)s of %(all)s work", working)
    if working == everything:
        begin = _("The only one works") if everything == 1 else _("All %(all)s work")
    parts = [begin % told] if everything else []
    parts += _waiting(counts, tonight)
    for level, sentence in ((Level.ACT, _desk), (Level.VISIT, _visit)):
        if count := counts[level]:
            reasons = _reasons([found for at, found in standings if at is level], level)
            parts.append(f"{sentence(count) % {'num': number(count)}}: {reasons}")
    if count := counts[Level.SHUT_OUT]:
        text = ngettext("%(num)s is shut out", "%(num)s are shut out", count)
        parts.append(text % {"num": number(count)})
    return "; ".join(parts) + "."


def _waiting(counts: Counter[Level], tonight: bool) -> list[str]:
    parts = []
    if count := counts[Level.WAITING]:
        text = (
            ngettext("%(num)s waits for tonight", "%(num)s wait for tonight", count)
            if tonight
            else ngettext("%(num)s waits for its update", "%(num)s wait for their update", count)
        )
        parts.append(text % {"num": number(count)})
    if count := counts[Level.AWAITED]:
        text = ngettext("%(num)s was never started", "%(num)s were never started", count)
        parts.append(text % {"num": number(count)})
    return parts


def _desk(count: int) -> str:
    return ngettext("%(num)s needs attention", "%(num)s need attention", count)


def _visit(count: int) -> str:
    return ngettext("%(num)s needs a visit", "%(num)s need a visit", count)


def _reasons(found: Sequence[Sequence[Trouble]], level: Level) -> str:
    """Each reason once, the commonest first; a terminal gives the first that made it what it is."""
    first = [next(t for t in troubles if t.level is level) for troubles in found]
    counted = Counter(said(trouble) for trouble in first)
    shown = [
        f"{text} ({number(count)})" if count > 1 else text
        for text, count in counted.most_common(SHOWN_REASONS)
    ]
    more = len(counted) - len(shown)
    listed = ", ".join(shown)
    return _("%(reasons)s and other things") % {"reasons": listed} if more > 0 else listed
