"""Pure: whether this terminal may install a release that is signed, whoever asks for it."""

from collections.abc import Collection

from packaging.version import InvalidVersion, Version

from contract.releases import Release


def contradiction(release: Release, until_ms: int) -> str | None:
    """Why its signed words cannot be true; kept, they would shut out every release that follows.

    `until_ms` is when the signatures expire that vouch for it (milliseconds since 1970, UTC).
    """
    try:
        version, floor = Version(release.version), Version(release.security_floor)
    except InvalidVersion as error:
        return f"not a version: {error}"
    if version < floor:
        return f"{version} would forbid itself: it calls nothing below {floor} secure"
    if release.built_ms >= until_ms:
        return "it says that it was built after its signatures expire"
    return None


def refusal(
    release: Release,
    *,
    until_ms: int,
    running: str,
    hardware: Collection[str],
    security_floor: str,
) -> str | None:
    """Why not, as a sentence; None when nothing speaks against it.

    `running` is the version that is asked to install it, `security_floor` the highest of the releases that proved
    themselves here, `until_ms` as in `contradiction`.
    """
    if (sentence := contradiction(release, until_ms)) is not None:
        return sentence
    try:
        version, minimum = Version(release.version), Version(release.minimum_agent)
        floor, agent = Version(security_floor), Version(running)
    except InvalidVersion as error:
        return f"not a version: {error}"
    if not set(hardware) & set(release.hardware):
        return f"it is for {', '.join(release.hardware)}; this terminal is {', '.join(hardware)}"
    if agent < minimum:
        return f"it needs an agent of {minimum} or newer; this one is {agent}"
    if version < floor:
        return f"{version} is older than {floor}, the oldest that is still secure"
    return None


def higher(one: str, other: str) -> str:
    """The later of two versions."""
    return max(one, other, key=Version)
