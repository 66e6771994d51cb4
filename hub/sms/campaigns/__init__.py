"""Campaigns: whom a clinic asks, when and in which words; and who has taken part."""
