"""The error of backups."""


class UnusableBackup(Exception):
    """A backup can't be written to a file, read from it or restored to a place; the message is one sentence."""
