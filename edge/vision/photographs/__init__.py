"""Photographs with answers: which picture is taken, how faces are made unrecognisable, how it is sealed for the hub.

A picture is in memory only until it is sealed. Nothing here writes anything.
"""
