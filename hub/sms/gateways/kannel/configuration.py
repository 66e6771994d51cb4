"""A configuration of Kannel that works with this hub, for its operator to add the network's connection to.

Decides what must be so: reports and inbound messages are offered again until the hub has taken them, what waits is on
disk, parts of long messages come as they are, and Kannel's logs do not say whom messages go to.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from hub.sms.gateways.kannel.gateway import KannelSettings, message_url
from hub.sms.gateways.port import Name

OFFERED_AGAIN = 100_000
"""Times that smsbox tries to bring us something."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where Kannel keeps what waits, and its ports beside those in the gateway's settings."""

    folder: str
    smsbox_port: int = 13001
    again_after_s: int = 10


def configuration(name: Name, settings: KannelSettings, places: Places, network: str) -> str:
    """The text of kannel.conf; `network` is the group that connects to the telephone network."""
    sendsms, status = urlsplit(settings.sendsms), urlsplit(settings.status)
    return f"""\
group = core
admin-port = {status.port or 13000}
admin-interface = "{status.hostname or "127.0.0.1"}"
admin-password = "{settings.status_password}"
status-password = "{settings.status_password}"
smsbox-port = {places.smsbox_port}
smsbox-interface = "127.0.0.1"
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
log-file = "{places.folder}/bearerbox.log"
log-level = 2
store-type = spool
store-location = "{places.folder}/spool"
sms-combine-concatenated-mo = false

{network.strip()}

group = smsbox
bearerbox-host = "127.0.0.1"
bearerbox-port = {places.smsbox_port}
sendsms-port = {sendsms.port or 13013}
sendsms-interface = "{sendsms.hostname}"
sendsms-url = "{sendsms.path}"
log-file = "{places.folder}/smsbox.log"
log-level = 2
http-request-retry = {OFFERED_AGAIN}
http-queue-delay = {places.again_after_s}

group = sendsms-user
username = "{settings.username}"
password = "{settings.password}"
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
post-url = "{message_url(settings, name)}"
send-sender = true
max-messages = 0
omit-empty = true
"""
