"""Alerts: an unhappy patient, or one in danger, is told to the next person of a chain until somebody takes it on."""
