"""Releases: a plain TUF repository of what operators sign, with snapshot and timestamp signed by the hub."""
