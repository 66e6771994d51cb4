"""What can be done to several terminals at once, in the reader's words."""

from hub.core.texts import N_
from hub.fleet.jobs.words import CLOSED, COMMANDS, OUTCOMES

TAG, UNTAG, SETTINGS = "tag", "untag", "settings"

DEEDS = {
    **COMMANDS,
    TAG: N_("Give a tag"),
    UNTAG: N_("Take a tag away"),
    SETTINGS: N_("Settings by a tag"),
}
QUESTIONS = {
    "restart": N_("The program of each begins anew, as soon as no patient is there. It takes some seconds."),
    "reboot": N_("Each terminal begins anew, as soon as no patient is there. It takes a minute or two."),
    "logs": N_("Each sends the latest lines of its log. They hold nothing that a patient said."),
    "diagnostics": N_("Each sends facts of its machine. They hold nothing that a patient said."),
    "screenshot": N_("Each sends a picture of its page, as soon as no patient is there."),
    TAG: N_("They can be filtered, updated and set together by this word."),
    UNTAG: N_("What is set for the tag holds for them no longer."),
    SETTINGS: N_("They get a tag, and what is set for the tag holds for all of them. The settings come next."),
}  # fmt: skip
MINUTES = {15: N_("15 minutes"), 60: N_("an hour"), 720: N_("12 hours")}
STATES = {**OUTCOMES, **CLOSED}
