"""Who is let in by the broker: told to it at the start, whenever it changes, and now and then for good measure.

Decides from the tables alone what the broker is to believe, so that a change that a crash kept from it is made up for
at the next look. Mosquitto looks at a certificate when a connection opens, never again; whoever was revoked is thrown
out, and again for a while: a broker of somebody else's may be slow to read the list that keeps them out.
"""

import threading
from collections.abc import Sequence
from datetime import timedelta

import structlog
from cryptography import x509
from sqlmodel import col, or_, select

from contract.topics import DeviceAddress
from hub.core.broker import Broker, Trust
from hub.core.clock import as_datetime
from hub.core.jobs.ticker import Duty
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet.authority import issuing
from hub.fleet.authority.tables import DeviceKey
from hub.fleet.events import DeviceEnrolled, DeviceRevoked
from hub.fleet.tables import Device

log = structlog.get_logger()

LOOK_EVERY_S = 10.0
EXPELLED_FOR_MS = 45_000
"""How long after a revocation connections of the device are ended. One that has a new key by then comes back."""
LIST_EVERY_MS = issuing.DAY_MS
RENEWED_BEFORE = timedelta(days=120)
"""The broker's certificate is exchanged when it has no longer than this."""


class Admission:
    """Keeps a broker informed. `names` are those under which terminals reach it; none: they come by password."""

    def __init__(self, workplace: Workplace, broker: Broker, names: Sequence[str]) -> None:
        self._workplace = workplace
        self._broker = broker
        self._names = list(names)
        self._one_at_a_time = threading.Lock()
        self._listed: tuple[str, ...] = ()
        self._lists = ""

    def prepare(self) -> None:
        """Have an authority, and what a broker needs before it starts."""
        self._ensure_authority()
        self.refresh()

    def refresh(self) -> None:
        """Tell the broker what holds now."""
        with self._one_at_a_time:
            with self._workplace.read() as work:
                devices, trust = _admitted(work), self._trust(work) if self._names else None
            if trust is not None:
                self._broker.trust(trust)
            self._broker.admit(devices)

    def enrolled(self, _event: DeviceEnrolled) -> None:
        """A device came, or has another place."""
        self.refresh()

    def revoked(self, event: DeviceRevoked) -> None:
        """A device, or the one that it takes the place of, may speak no longer."""
        self._broker.remove_device(event.device)
        self.refresh()
        self._broker.expel(event.device)

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("admission", LOOK_EVERY_S, self.look)]

    def look(self) -> bool:
        """Everything that is due."""
        self._ensure_authority()
        self.refresh()
        with self._workplace.read() as work:
            unwanted = _unwanted(work)
        for device in unwanted:
            self._broker.expel(device)
        return False

    def _ensure_authority(self) -> None:
        with self._workplace.read() as work:
            if issuing.lasts(work):
                return
        with self._workplace.begin() as work:
            if not issuing.lasts(work):  # another process of this hub may have been faster
                issuing.succeed(work)

    def _trust(self, work: UnitOfWork) -> Trust:
        authorities = issuing.trusted(work)
        shown = self._broker.certificate()
        key = None
        if shown is None or not self._lasts(work, shown, authorities):
            shown, key = issuing.for_broker(work, self._names)
            log.info("broker_certificate_made")
        return Trust(authorities, self._revocation_lists(work, authorities), shown, key)

    def _revocation_lists(self, work: UnitOfWork, authorities: str) -> str:
        """Signed anew when they say something else, and every day: they must not grow old."""
        certificates = issuing.revoked(work)
        serials = tuple(each.serial for each in certificates)
        listed = (authorities, str(work.now_ms // LIST_EVERY_MS), *serials)
        if listed != self._listed:
            self._lists = issuing.revocation_lists(work, certificates)
            self._listed = listed
        return self._lists

    def _lasts(self, work: UnitOfWork, shown: str, authorities: str) -> bool:
        """Whether the broker's certificate is still good: its names, its issuer, its time."""
        certificate = x509.load_pem_x509_certificate(shown.encode())
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        issuers = x509.load_pem_x509_certificates(authorities.encode())
        return (
            [str(name.value) for name in named.value] == self._names
            and certificate.issuer in [each.subject for each in issuers]
            and certificate.not_valid_after_utc > as_datetime(work.now_ms) + RENEWED_BEFORE
        )


def _admitted(work: UnitOfWork) -> list[DeviceAddress]:
    """A stopped one may still connect: it is told that it is."""
    wanted = select(Device.organisation, Device.facility, Device.id)
    rows = work.session.exec(wanted.where(Device.status != "revoked").order_by(Device.id))
    return [DeviceAddress(*row) for row in rows]


def _unwanted(work: UnitOfWork) -> list[str]:
    """Devices of which a key was revoked just now, and those that are revoked and there all the same."""
    lately = col(DeviceKey.revoked_ms) > work.now_ms - EXPELLED_FOR_MS
    there = (col(Device.status) == "revoked") & col(Device.online)
    wanted = select(Device.id).join(DeviceKey, col(DeviceKey.device) == Device.id, isouter=True)
    return sorted(set(work.session.exec(wanted.where(or_(lately, there)))))
