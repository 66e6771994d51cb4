"""Pure: plain words for the codes of rollouts."""

from hub.core.texts import N_

STATES = {
    "running": N_("going on"),
    "paused": N_("paused"),
    "aborted": N_("ended early"),
    "done": N_("done"),
}
TONES = {"running": "good", "paused": "warn", "aborted": "", "done": "good"}

STANDINGS = {
    "waiting": N_("not asked yet"),
    "asked": N_("asked"),
    "under_way": N_("under way"),
    "confirmed": N_("confirmed"),
    "failed": N_("failed"),
}
URGENCY = ("failed", "under_way", "asked", "confirmed", "waiting")
"""What a list of terminals begins with."""

STANDING_TONES = {
    "waiting": "",
    "asked": "",
    "under_way": "warn",
    "confirmed": "good",
    "failed": "bad",
}

REASONS = {
    "": "",
    "silent": N_("nothing was heard of it in time"),
    "reported": N_("it says that it failed"),
    "rejected": N_("it would not begin"),
    "other_release": N_("it runs another version"),
    "unhealthy": N_("a check fails since"),
    "blank_screen": N_("its screen is blank or frozen"),
    "ledger_gap": N_("messages of it are missing"),
    "fewer_answers": N_("far fewer answers than in the same hours a week ago"),
}
"""Why a terminal has failed."""

PAUSES = {
    "": "",
    "by_hand": N_("Somebody paused it."),
    "too_many_failures": N_("Too many terminals failed."),
    "too_few_successes": N_("Too few terminals confirmed the new version."),
    "blank_screen": N_("A terminal's screen is blank or frozen since."),
    "ledger_gap": N_("Messages of a terminal are missing since."),
    "fewer_answers": N_("There are far fewer answers than in the same hours a week ago."),
}
"""Why a rollout was paused."""

EVENTS = {
    "begun": N_("begun"),
    "group_begun": N_("the step began"),
    "group_succeeded": N_("enough terminals of the step confirmed"),
    "paused": N_("paused"),
    "resumed": N_("resumed"),
    "approved": N_("the step was approved"),
    "aborted": N_("ended early"),
    "returned": N_("the step was sent back to the version before"),
    "done": N_("done"),
}
