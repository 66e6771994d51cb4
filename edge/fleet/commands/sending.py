"""Commands that end in a file: made, sent to the hub with the terminal's own login, and reported.

Decides how large a file may be; what is in it is for whoever makes it. One that was cut off is not made again.
"""

from collections.abc import Callable

from contract.jobs import Job
from edge.fleet.hub_client import HubClient, HubFailure
from edge.fleet.jobs.handling import Report
from edge.fleet.jobs.memory import Begun

LARGEST_BYTES = 1024 * 1024

Make = Callable[[Job, Report], bytes | None]
"""The file; None when it could not be made, which has been reported."""


class FileCommand:
    """One kind of file."""

    def __init__(self, make: Make, hub: HubClient, content_type: str) -> None:
        self._make = make
        self._hub = hub
        self._content_type = content_type

    def begin(self, job: Job, report: Report) -> None:
        report("running", "making")
        content = self._make(job, report)
        if content is None:
            return
        if len(content) > LARGEST_BYTES:
            report("failed", "size", f"the file has {len(content)} bytes")
            return
        try:
            path = f"/api/device/jobs/{job.job}/file"
            self._hub.post(path, content, content_type=self._content_type)
        except HubFailure as error:
            report("failed", "sending", type(error).__name__)
        else:
            report("done", "sent")

    def resume(self, _begun: Begun, report: Report) -> None:
        report("failed", "interrupted", "the agent was started anew meanwhile")

    def take_back(self, job: str) -> None:
        """It is done in a moment."""
