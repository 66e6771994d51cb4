"""A terminal as a gateway for SMS: a GSM modem, driven by gammu-smsd, for the hub."""
