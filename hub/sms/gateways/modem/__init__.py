"""A terminal's GSM modem: messages go down and reports come up by MQTT."""
