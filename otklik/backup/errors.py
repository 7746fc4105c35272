"""The errors of backups and upgrades."""


class UnusableBackup(Exception):
    """A backup can't be written to a file, read from it or restored to a place; the message is one sentence."""


class UpgradeRefused(Exception):
    """The embedded server can't be upgraded; the message is one sentence. The cluster is as it was."""
