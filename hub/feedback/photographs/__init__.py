"""Photographs that terminals took with answers: whether they are taken, taking them in, showing, deleting them."""
