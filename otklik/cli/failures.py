"""What a command says when it fails, and its exit code."""

import errno
import sys
from typing import TYPE_CHECKING

import click

from otklik.database.server import data_directory
from otklik.errors import DatabaseUnavailable, DiskFull, InvalidSetting
from otklik.settings import read_settings

if TYPE_CHECKING:
    import psycopg

USAGE_CODE, DATABASE_CODE, DISK_FULL_CODE = 2, 3, 4
"""Exit codes: whoever runs commands by a schedule tries again after the last two, and not after the first."""
LOST_CLASSES = ("08", "57P")
"""How the SQLSTATEs of a server begin that is away, starting or shutting down."""
BUSY_CLASSES = ("40", "53", "57", "58")
"""How those of a server begin that couldn't finish a statement though nothing is wrong with it."""


class CommandFailure(click.ClickException):
    """One sentence and an exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        """The sentence is printed, the code is the process's."""
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc] # click reads it from the instance too


def command_failure(error: Exception) -> click.ClickException | None:
    """The sentence and exit code for an error that a person can act on; None for a bug."""
    match error:
        case InvalidSetting():
            return CommandFailure(str(error), USAGE_CODE)
        case DiskFull():
            return CommandFailure(str(error), DISK_FULL_CODE)
        case DatabaseUnavailable():
            return CommandFailure(str(error), DATABASE_CODE)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return CommandFailure(f"The disk is full ({error.filename or error.strerror}): make room.", DISK_FULL_CODE)
    return _driver_failure(getattr(error, "orig", None) or error)  # SQLAlchemy wraps the driver's


def is_statement_refused(error: "psycopg.Error") -> bool:
    """Whether the database refuses a statement for what it says, so that it will be refused the next time too."""
    return error.sqlstate is not None and not error.sqlstate.startswith((*LOST_CLASSES, *BUSY_CLASSES))


def _driver_failure(error: BaseException) -> click.ClickException | None:
    psycopg = sys.modules.get("psycopg")  # a command that never connected has no such error
    if psycopg is None or not isinstance(error, psycopg.OperationalError | psycopg.errors.InsufficientPrivilege):
        return None
    message = " ".join(str(error).split())
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return CommandFailure(f"The database's user may not do this ({message}).", DATABASE_CODE)
    # The driver's own failures have no SQLSTATE.
    is_lost = error.sqlstate is None or error.sqlstate.startswith(LOST_CLASSES)
    if isinstance(error, psycopg.errors.DiskFull) or (is_lost and _is_disk_full()):
        return CommandFailure(f"The database's disk is full ({message}): make room.", DISK_FULL_CODE)
    problem = "The database went away" if is_lost else "The database couldn't do this"
    return CommandFailure(f"{problem} ({message}): try again.", DATABASE_CODE)


def _is_disk_full() -> bool:
    """Whether the embedded server's disk is full."""
    settings = read_settings()
    return not settings.database_url and data_directory.is_disk_full(settings.data_folder)
