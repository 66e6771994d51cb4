"""What every slice stands on: settings, database, unit of work, inbox, MQTT, time, errors."""
