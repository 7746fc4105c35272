"""Errors that callers outside their own package handle: each message is one sentence for a person."""


class InvalidSetting(ValueError):
    """A setting that can't be used; the message says which, and what it should look like."""


class DatabaseUnavailable(Exception):
    """The appeals database can't be reached or started, or did not finish; the message says why, and what to do."""


class DiskFull(DatabaseUnavailable):
    """The same because nothing can be written any more."""


class QueryTimeout(Exception):
    """A query took longer than a panel may; narrower filters help."""


class DatabaseRefusal(Exception):
    """The database refused a change or a read; the message says why, in one sentence."""


class ScopeChanged(Exception):
    """The viewer's territories or role changed since the script run began: run it again."""


class Counting(Exception):
    """A result is still being computed in the background: ask again in a moment."""
