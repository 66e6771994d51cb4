"""Complaints that repeat themselves become a problem, a corrective action, and a better standard."""
