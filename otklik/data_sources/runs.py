"""Running a data source once: under its lock, with what went wrong in a sentence, and the pause until the next run."""

import errno
import random
import threading
from datetime import timedelta
from pathlib import Path

import psycopg

from otklik.data_sources import store
from otklik.data_sources.kinds.readers import reader_of
from otklik.data_sources.model import DataSource, DataSourceError, RunTally
from otklik.data_sources.secrets import SecretValues
from otklik.data_sources.source_run import SourceRun
from otklik.intake.errors import BadFile
from otklik.intake.mapping.model import read_mapping
from otklik.settings import libpq_url

MAX_PAUSE = timedelta(hours=1)
"""The longest pause after failures, unless the data source is run less often anyway."""
JITTER = 0.1
"""The share by which a pause is longer or shorter at random, so that sources which failed together spread out."""


class RunFailed(Exception):
    """A run that failed and was recorded; the message is its sentence."""


def run_data_source(
    database_url: str, source_id: int, data_folder: Path, stopped: threading.Event | None = None
) -> RunTally | None:
    """Run a data source to its end, or until `stopped`; returns what it did, None while another process runs it.

    Each batch is committed with the cursor, so that an interrupted run loses and doubles nothing. Raises RunFailed.
    """
    with psycopg.connect(libpq_url(database_url), autocommit=True, application_name="otklik source") as connection:
        if not store.try_lock(connection, source_id):
            return None
        # After the lock, so that the cursor is that of the run before.
        source = store.data_source(connection, source_id)
        if source is None:
            return None
        started_at = store.begin_run(connection, source)
        secrets, tally = SecretValues(), RunTally()
        try:
            run = SourceRun(source, read_mapping(source.mapping), database_url, data_folder, secrets, tally)
            run.stopped = stopped or run.stopped
            reader_of(source, run.mapping, secrets).read(run)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises is told in a sentence
            sentence = secrets.mask(failure_sentence(error))
            retry_after = error.retry_after if isinstance(error, DataSourceError) else timedelta()
            next_run_in = max(pause_after(source, source.failure_count + 1), retry_after)
            store.fail_run(connection, source, started_at, tally, sentence, next_run_in)
            raise RunFailed(sentence) from None  # the cause's message may hold a secret
        store.end_run(connection, source, started_at, tally)
    return tally


def check_data_source(database_url: str, source_id: int) -> str:
    """Look whether a data source can be read, and change nothing; returns a sentence. Raises RunFailed."""
    with psycopg.connect(libpq_url(database_url)) as connection:
        source = store.data_source(connection, source_id)
    if source is None:
        raise RunFailed("The data source was removed.")
    secrets = SecretValues()
    try:
        return reader_of(source, read_mapping(source.mapping), secrets).test()
    except Exception as error:  # noqa: BLE001 - whatever a driver raises is told in a sentence
        raise RunFailed(secrets.mask(failure_sentence(error))) from None


def pause_after(source: DataSource, failure_count: int) -> timedelta:
    """The pause after so many failures in a row: twice as long each time, from that of the schedule up to an hour."""
    longest = max(MAX_PAUSE, source.run_every)
    pause = min(source.run_every * (1 << min(failure_count - 1, 20)), longest)
    return pause * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load


def failure_sentence(error: Exception) -> str:
    """What went wrong, as a sentence for the person who looks after data sources; it may still hold a secret."""
    if isinstance(error, DataSourceError | BadFile):
        return str(error)
    if isinstance(error, psycopg.OperationalError):
        return f"Otklik's own database is away or has no room ({error})."
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: make room."
    return f"It failed in a way that isn't foreseen ({type(error).__name__}: {error})."
