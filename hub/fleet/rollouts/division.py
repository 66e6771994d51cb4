"""Pure: which terminals are in which group of a rollout.

Named canaries are the first group; the others are spread over theirs by per cent, in an order that follows from the
rollout's name, so that a group is not one facility after the other and the same question has the same answer.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256


def divide(
    name: str, devices: Collection[str], canaries: Collection[str], percents: Sequence[int]
) -> list[list[str]]:
    """The groups, the canaries' first where there are any; `percents` are of the others and add up to 100.

    Each group has at least one terminal; where there are fewer terminals than groups, the last ones are empty.
    """
    others = sorted(
        set(devices) - set(canaries), key=lambda d: sha256(f"{name}/{d}".encode()).digest()
    )
    groups = [sorted(canaries)] if canaries else []
    taken = total = 0
    for number, percent in enumerate(percents, 1):
        total += percent
        left_for_others = len(others) - (len(percents) - number)
        wanted = min(left_for_others, round(len(others) * total / 100))
        until = min(len(others), max(taken + 1, wanted))
        groups.append(sorted(others[taken:until]))
        taken = until
    return groups
