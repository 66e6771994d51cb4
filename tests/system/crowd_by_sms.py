"""Patients who answer by SMS while the network goes down and comes up again.

What somebody writes while it is down, or is told to wait, goes out once it is up; so nothing is lost before it reaches
Kannel. Kannel itself tells the network that it has a message before the hub has it: whoever stops Kannel first lets the
hub take in what was written (`hush`).
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue

from hub.sms.texts import default_texts
from tests.fakes.waiting import eventually
from tests.system.surveyed import LANGUAGES, Patient
from tests.system.telephones import Heard, Telephones

_ASKED = {
    (language, text): template.value
    for language in LANGUAGES
    for template, text in default_texts(language).items()
}


class Crowd:
    """All patients of a campaign; `written` counts what they have sent."""

    def __init__(self, port: int) -> None:
        self.written = 0
        self._patients: dict[str, Patient] = {}
        self._replies: SimpleQueue[tuple[Heard, str] | None] = SimpleQueue()
        self._may_write = threading.Event()
        self._may_write.set()
        self._writing = threading.Lock()
        self.telephones = Telephones(port, self._think)
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    @property
    def patients(self) -> list[Patient]:
        return list(self._patients.values())

    def join(self, patients: list[Patient]) -> None:
        self._patients |= {one.telephone: one for one in patients}

    def hush(self, taken_in: Callable[[], int], within_s: float) -> None:
        """Let nobody write, and wait until the hub has everything."""
        self._may_write.clear()
        with self._writing:
            eventually(lambda: taken_in() == self.written, within_s)

    def go_on(self, port: int) -> None:
        """The network is up again."""
        self.telephones.await_cut_off()
        self.telephones.connect(port)
        self._may_write.set()

    def heard_everything(self) -> bool:
        """Whether each has got as many messages as the conversation has."""
        counts = dict.fromkeys(self._patients, 0)
        for heard in list(self.telephones.heard):
            counts[heard.telephone] += 1
        return all(counts[t] >= len(one.expected()) for t, one in self._patients.items())

    def close(self) -> None:
        self._may_write.set()
        self._replies.put(None)
        self._writer.join(10)
        self.telephones.close()

    def _think(self, heard: Heard) -> None:
        who = self._patients[heard.telephone]
        reply = who.answers.get(_ASKED[who.language, heard.text])
        if reply is not None:
            self._replies.put((heard, reply))

    def _write(self) -> None:
        while (next_one := self._replies.get()) is not None:
            heard, reply = next_one
            self._may_write.wait()
            with self._writing:
                self.telephones.write(heard.telephone, heard.sender, reply)
                self.written += 1
