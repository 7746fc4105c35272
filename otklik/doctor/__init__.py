"""Examining an installation: what is well, what is to be watched, and what must be acted on, in words."""
