"""Pure: where a sign-in may lead, and when attempts are too many. What a role may do is said in `core.permissions`."""

from dataclasses import dataclass

SESSION_MS = 12 * 3600 * 1000
"""A signed-in browser is asked again after one working day at the latest."""

ATTEMPT_WINDOW_MS = 15 * 60 * 1000


def safe_next(target: str) -> str:
    """Where to go after signing in: a path of ours, or the first page for anything else."""
    foreign = not target.startswith("/") or target.startswith("//")
    if foreign or "\\" in target or any(ord(sign) < 33 or ord(sign) == 127 for sign in target):
        return "/"
    return target


@dataclass(frozen=True, slots=True)
class AttemptSubject:
    """Whose attempts are counted together, and how many may fail within the window."""

    name: str
    allowed: int


def reset_subjects(email: str, address: str) -> tuple[AttemptSubject, ...]:
    """Mails to one person, and from one place."""
    return (AttemptSubject(f"reset:{email}", 3), AttemptSubject(f"reset from:{address}", 20))


_BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(user_agent: str) -> str:
    """Such as `Firefox, Linux`: enough for a person to know their own browser by; empty for a program."""
    found = [
        next((name for sign, name in known if sign in user_agent), None)
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


def attempt_subjects(account: str, address: str) -> tuple[AttemptSubject, ...]:
    """One account at one place, which is the person; one account from everywhere; one place at every account."""
    return (
        AttemptSubject(f"both:{account}\n{address}", 5),
        AttemptSubject(f"account:{account}", 50),
        AttemptSubject(f"address:{address}", 100),
    )
