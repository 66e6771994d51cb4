"""Pure: what terminals are asked to do and what came of it, in the reader's words.

Why something was not done is said by its step, so that a terminal need not speak the reader's language; what is not
known here is said in the terminal's own English sentence.
"""

from hub.core.texts import N_, gettext

COMMANDS = {
    "restart": N_("Start the program anew"),
    "reboot": N_("Start the terminal anew"),
    "logs": N_("Fetch the log"),
    "diagnostics": N_("Fetch a diagnosis"),
    "screenshot": N_("Take a picture of the page"),
}
KINDS = COMMANDS | {"update": N_("Update"), "unknown": N_("Something that it could not read")}
OUTCOMES = {
    "asked": N_("asked"),
    "waiting": N_("waits"),
    "running": N_("under way"),
    "done": N_("done"),
    "failed": N_("failed"),
    "rejected": N_("rejected"),
}
CLOSED = {"taken_back": N_("taken back"), "silent": N_("no answer")}
TONES = {"done": "good", "failed": "bad", "rejected": "bad", "silent": "bad", "taken_back": ""}
"""By what came of a job; the others are still to come."""
_WHY: dict[tuple[str, str], str] = {
    ("waiting", "patient"): N_("a patient is there: it waits until they have gone"),
    ("failed", "patient"): N_(
        "a patient was there all the time, and nothing was done. Ask again when it is quiet."
    ),
    ("failed", "browser"): N_("the terminal's browser took no picture"),
    ("failed", "size"): N_("the file is too large to be sent"),
    ("failed", "sending"): N_(
        "the file did not reach the hub. Ask again when its network is well."
    ),
    ("failed", "interrupted"): N_("the program was started anew meanwhile. Ask again."),
    ("failed", "reboot"): N_("the program ended, but the terminal did not start anew"),
}


def state(outcome: str, closed: str | None) -> str:
    """How one job stands: what came of it, or that nobody asks for it any more."""
    return closed if closed in CLOSED else outcome


def why(outcome: str, step: str, reason: str) -> str:
    """Why it is so, if there is something to say."""
    known = _WHY.get((outcome, step))
    return reason if known is None else gettext(known)
