"""All checks, one after the other: one that can't be carried out is a finding too."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from otklik.database.engine import database_engine
from otklik.database.migrate import latest_migration
from otklik.database.server.cluster import cluster_folder, earlier_cluster_folder
from otklik.database.server.embedded import running_database
from otklik.doctor.clock import clock_findings, zone_findings
from otklik.doctor.data import backup_findings, figure_findings, fold_findings, source_findings
from otklik.doctor.disk import disk_findings
from otklik.doctor.finding import Finding, Health
from otklik.doctor.service import service_findings
from otklik.doctor.versions import migration_of, rights_findings, version_findings
from otklik.errors import DatabaseUnavailable
from otklik.settings import Settings

Check = Callable[[], Iterable[Finding]]


def examine(settings: Settings) -> list[Finding]:
    """Examine the installation of these settings; nothing is changed, and no database is made."""
    return [*service_findings(settings), *_database_findings(settings)]


def _database_findings(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url and not _has_cluster(settings):
        yield Finding(
            "database",
            Health.ACT,
            f"There is no database in {settings.data_folder}.",
            "Set OTKLIK_DATA to its folder; `otklik run` makes a new one.",
        )
        return
    try:
        with running_database(settings) as url:
            engine = database_engine(url)
            try:
                with engine.connect() as connection:
                    yield from _connected_findings(connection, url, settings)
            finally:
                engine.dispose()
    except DatabaseUnavailable as error:
        yield Finding("database", Health.ACT, str(error), "Nothing else of the database was examined.")


def _connected_findings(connection: Connection, url: str, settings: Settings) -> Iterator[Finding]:
    checks: dict[str, Check] = {
        "versions": partial(version_findings, connection, settings),
        "clock": partial(clock_findings, connection),
        "disk": partial(disk_findings, connection, settings),
    }
    if migration_of(connection) == latest_migration():
        # What the others ask for is there only then.
        checks |= {
            "rights": partial(rights_findings, connection, settings),
            "time zones": partial(zone_findings, connection),
            "data sources": partial(source_findings, connection),
            "folding": partial(fold_findings, connection),
            "figures": partial(figure_findings, url),
            "backup": partial(backup_findings, connection, settings),
        }
    for name, check in checks.items():
        try:
            yield from check()
        except (SQLAlchemyError, psycopg.Error, OSError) as error:
            message = " ".join(str(getattr(error, "orig", None) or error).split())
            yield Finding(name, Health.ACT, f"It couldn't be examined ({message}).", "Try again; then look at the log.")
        connection.rollback()


def _has_cluster(settings: Settings) -> bool:
    folder = settings.data_folder
    return cluster_folder(folder).exists() or earlier_cluster_folder(folder).exists()
