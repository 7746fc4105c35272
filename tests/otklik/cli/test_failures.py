"""Exit codes of commands that fail: by them a schedule knows what to try again."""

import errno
import os
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from otklik.cli import failures
from otklik.cli.failures import command_failure
from otklik.database.server import data_directory
from otklik.errors import DatabaseUnavailable, DiskFull, InvalidSetting
from otklik.settings import Settings


@pytest.fixture
def disk_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk with room, whatever the machine's has."""
    monkeypatch.setattr(data_directory, "WAL_SEGMENT_BYTES", 0)


@pytest.mark.usefixtures("disk_free")
@pytest.mark.parametrize(
    ("error", "exit_code", "words"),
    [
        (InvalidSetting("PORT is 'x'."), 2, "PORT"),
        (DatabaseUnavailable("No database runs."), 3, "No database"),
        (psycopg.OperationalError("the connection is lost"), 3, "went away"),
        (psycopg.errors.AdminShutdown("terminating connection"), 3, "went away"),
        (sqlalchemy.exc.OperationalError("SELECT", {}, psycopg.errors.AdminShutdown("terminating")), 3, "went away"),
        (psycopg.errors.QueryCanceled("timeout"), 3, "couldn't do this"),
        (psycopg.errors.ObjectNotInPrerequisiteState("recovery is not in progress"), 3, "couldn't do this"),
        (psycopg.errors.InsufficientPrivilege("permission denied"), 3, "may not"),
        (psycopg.errors.DiskFull("could not extend file"), 4, "full"),
        (DiskFull("The disk is full."), 4, "full"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "rows.csv.rejected.csv"), 4, "rejected.csv"),
    ],
)
def test_each_failure_has_its_exit_code(error: Exception, exit_code: int, words: str) -> None:
    failure = command_failure(error)
    assert failure
    assert failure.exit_code == exit_code
    assert words in failure.message


def test_a_database_lost_on_a_full_disk_is_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_directory, "WAL_SEGMENT_BYTES", 2**63)
    monkeypatch.setattr(failures, "read_settings", lambda: Settings(data_folder=Path("/"), database_url=None))
    failure = command_failure(psycopg.OperationalError("the connection is lost"))
    assert failure
    assert failure.exit_code == 4


def test_a_bug_has_no_sentence() -> None:
    assert command_failure(RuntimeError("bug")) is None
