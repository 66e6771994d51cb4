"""Reads Server-Sent Events as a browser does (the standard's "Interpreting an event stream", without BOM and CR)."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Event:
    name: str
    data: str
    last_id: str


def parsed(stream: bytes) -> list[Event]:
    return list(events(iter(stream.decode().split("\n"))))


def events(lines: Iterator[str]) -> Iterator[Event]:
    name, data, last_id = "", [], ""
    for line in lines:
        field, _colon, value = line.partition(":")
        value = value.removeprefix(" ")
        if line == "":
            if data:
                yield Event(name or "message", "\n".join(data), last_id)
            name, data = "", []
        elif field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            last_id = value
