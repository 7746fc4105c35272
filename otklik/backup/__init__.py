"""Backups of everything that can't be made again, and a new major version of the embedded server."""
