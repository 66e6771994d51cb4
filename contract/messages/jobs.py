"""How a terminal gets on with what it was asked to do."""

from typing import Literal

from contract.messages.envelope import Code, Message, Text


class JobReported(Message):
    """A job has reached `step`.

    `waiting` and `running` are under way, `done`, `failed` and `rejected` are the end; `rejected` means that it was
    never begun. The hub counts the last report of a job, whatever the order in which reports arrive.
    """

    type: Literal["JobReported"] = "JobReported"
    job: Code
    """A job whose name cannot be read is reported as `unreadable`."""
    outcome: Literal["waiting", "running", "done", "failed", "rejected"]
    step: Code
    reason: Text = ""
    """For the operator's eyes; never anything that a patient said."""
    release: Code | None = None
    """Of an update: the version that the terminal works with now."""
