"""A demonstration clinic: real hub, real broker, real agents; only pins, panels and patients are virtual."""

from wellheard.demo.command import app

__all__ = ["app"]
