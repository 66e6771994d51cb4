"""Where InfluxDB is, as a setting says it; light, so that settings can be read on any machine."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class InfluxAddress:
    """`bucket` is that of the finest level; InfluxDB 1 and 3 have no organisations and heed none."""

    url: str
    bucket: str
    organisation: str = "-"


def parsed(address: str) -> InfluxAddress:
    """From `http://host:8086/bucket?org=name`; ValueError for anything else."""
    parts = urlsplit(address)
    bucket = parts.path.strip("/")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not bucket:
        raise ValueError("not an address such as http://127.0.0.1:8086/wellheard?org=clinic")
    if parts.username or parts.password:
        raise ValueError("a token or password does not belong into the address")
    organisation = parse_qs(parts.query).get("org", ["-"])[0]
    return InfluxAddress(f"{parts.scheme}://{parts.netloc}", bucket, organisation)
