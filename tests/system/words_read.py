"""Imported by the server that our program is forked from: the pages' languages are read there once, like modules."""

from hub.core.languages import read_languages

read_languages()
