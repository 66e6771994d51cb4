"""The latest lines of the log, as they may leave the terminal: redacted before they are remembered."""

from collections import deque
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

Redact = Callable[[Mapping[str, Any]], dict[str, Any]]

MOST_LINES = 2000


class LogMemory:
    """A processor of structlog's that passes every line on as it is."""

    def __init__(self, redact: Redact, most: int = MOST_LINES) -> None:
        self._redact = redact
        self._lines: deque[dict[str, Any]] = deque(maxlen=most)

    def __call__(
        self, _logger: Any, _method: str, line: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        self._lines.append(self._redact(line))
        return line

    def lines(self) -> list[dict[str, Any]]:
        """The oldest first."""
        return list(self._lines)
