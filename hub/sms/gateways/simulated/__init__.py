"""The demonstration's way to telephones that exist only on a page."""
