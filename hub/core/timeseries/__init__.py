"""Measurements over time: one port, kept in the hub's own database or in InfluxDB."""
