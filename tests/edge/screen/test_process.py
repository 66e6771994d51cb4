"""`wellheard edge --simulate --screen-port`: the whole terminal as a process, with a patient at its page."""

import json
import signal
import socket
import subprocess
import sys

import pytest
import tomli_w
from websockets.sync.client import connect

from edge.outbox import Outbox
from tests.fakes.waiting import eventually

SETTINGS = {
    "organisation": "clinic",
    "facility": "centre",
    "device": "hall-1",
    "broker": {"host": "127.0.0.1", "port": 1},
    "screen": {"touchpoints": ["room"], "languages": ["ca", "es"]},
}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def terminal(tmp_path):
    (tmp_path / "terminal.toml").write_text(tomli_w.dumps(SETTINGS))
    port = free_port()
    command = [sys.executable, "-m", "wellheard", "edge", f"--folder={tmp_path}"]
    child = subprocess.Popen([*command, "--simulate", f"--screen-port={port}"])
    try:
        eventually(lambda: listens(port), 60)
        yield tmp_path, port, child
    finally:
        child.terminate()
        child.wait(20)


def until(page, phase):
    while (view := json.loads(page.recv(timeout=20)))["phase"] != phase:
        pass
    return view


def test_an_answer_at_the_page_is_on_disk_when_the_process_ends(terminal):
    folder, port, child = terminal
    origin = f"http://127.0.0.1:{port}"
    with connect(f"ws://127.0.0.1:{port}/live", origin=origin) as page:
        assert until(page, "waiting")["language"] == "ca"
        page.send(json.dumps({"do": "choose", "employee": None}))
        question = until(page, "question_1")["question"]
        answer = json.dumps({"do": "answer", "question": question, "value": "yes"})

        def thanked() -> bool:
            page.send(answer)  # not heard for half a second after the question came
            try:
                return json.loads(page.recv(timeout=0.5))["phase"] == "thanks"
            except TimeoutError:
                return False

        eventually(thanked)
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 0
    outbox = Outbox(folder / "outbox.db", "hall-1")
    said = [entry for entry in outbox.entries(0, 50) if entry.type == "SurveyAnswered"]
    outbox.close()
    assert [json.loads(entry.payload)["value"] for entry in said] == ["yes"]


def test_the_pin_is_shown_to_whoever_may_read_the_folder(terminal):
    folder, _, _ = terminal
    command = [sys.executable, "-m", "wellheard", "edge", "staff-pin", f"--folder={folder}"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert shown.stdout == (folder / "staff-pin").read_text()
