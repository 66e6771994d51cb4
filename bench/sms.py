"""What it costs to interpret an SMS reply, and to take it in, store and answer it, on one process.

The replies are the known cases of the tests, shuffled with a fixed seed and interpreted one after the other; the first
round warms up what is compiled when it is first needed and is not counted. Then patients reply through a real Kannel,
once to an endpoint that does nothing and once to a hub that answers; the ratio of the two rates is what counts.
"""

import argparse
import csv
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.apparatus.figures import goal, percentiles, ratios, spread
from bench.apparatus.machine import describe
from bench.apparatus.sms_replies import hub_that_answers, smsbox_alone
from hub.sms.dictionaries import lexicons
from hub.sms.interpreter.cases import Case, case_of
from hub.sms.interpreter.interpreter import Interpreter

CASES = Path(__file__).parents[1] / "tests" / "data" / "sms"
ROUNDS, QUICK_ROUNDS = 5, 2
REPLIES, QUICK_REPLIES = 1000, 200
GOAL_US = 2000.0


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds")
    parser.add_argument("--interpreter", action="store_true", help="only the interpreter")
    given = parser.parse_args()
    told = {"machine": describe()} | interpreter(QUICK_ROUNDS if given.quick else ROUNDS)
    if not given.interpreter:
        told |= replies(
            QUICK_ROUNDS if given.quick else ROUNDS, QUICK_REPLIES if given.quick else REPLIES
        )
    print(json.dumps(told))


def interpreter(rounds: int) -> dict[str, Any]:
    """Microseconds a reply: of each round's mean, and of single replies."""
    began = time.perf_counter()
    one = Interpreter(lexicons())
    loaded_s = time.perf_counter() - began
    cases = _cases()
    _interpret(one, cases)
    took = [_interpret(one, cases) for _ in range(rounds)]
    means = spread([sum(times) / len(times) for times in took])
    return {
        "benchmark": "sms",
        "summary": True,
        "replies": len(cases),
        "load_s": round(loaded_s, 2),
        "us_per_reply": means,
        "single_us": percentiles([single for times in took for single in times]),
        "goals": [goal("a reply within 2 ms on average", means["median"], at_most=GOAL_US)],
    }


def replies(rounds: int, count: int) -> dict[str, Any]:
    """Replies a second of smsbox alone and of a hub that answers, one right after the other, and their ratio."""
    alone, answered = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            alone.append(smsbox_alone(Path(folder) / "alone", count))
            answered.append(hub_that_answers(Path(folder), count))
    return {
        "replies_a_round": count,
        "smsbox_alone_per_s": spread(alone),
        "answered_per_s": spread(answered),
        "ratio": ratios(answered, alone),
    }


def _cases() -> list[Case]:
    found = []
    for path in sorted(CASES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [case_of(row, number) for number, row in enumerate(csv.DictReader(file), 2)]
    random.Random(7).shuffle(found)
    return found


def _interpret(one: Interpreter, cases: list[Case]) -> list[float]:
    times = []
    for case in cases:
        began = time.perf_counter_ns()
        one.interpret(case.text, case.lang, case.state)
        times.append((time.perf_counter_ns() - began) / 1000)
    return times


if __name__ == "__main__":
    main()
