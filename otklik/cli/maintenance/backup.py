"""`otklik backup` and `otklik restore`."""

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otklik.cli.console import progress_reporter

if TYPE_CHECKING:
    from otklik.backup.audit_entries import Console


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write everything that can't be made again to FILE, while others go on.

    The database as of one moment, boundaries of territories, rejected rows and the mappings of data sources. Works for
    the embedded database, whether `otklik run` serves or not, and for DATABASE_URL. FILE must not exist; it appears
    when it is whole, and only its owner can read it: it holds personal data. Secrets outside of the database (the
    file of OTKLIK_SECRETS, passwords in the environment) aren't in it.

    Exit code 1: FILE can't be used; 3: the database went away; 4: the disk is full. Then there is no FILE.

    \b
    Example:
      otklik backup /srv/backups/otklik-$(date +%F).backup
    """
    from otklik.backup.dump import make_backup
    from otklik.database.server.cluster import cluster_folder
    from otklik.database.server.embedded import running_database
    from otklik.settings import read_settings

    settings = read_settings()
    if not settings.database_url and not cluster_folder(settings.data_folder).exists():
        raise click.ClickException(f"There is no database in {settings.data_folder}: set OTKLIK_DATA to its folder.")
    with _refusals(), running_database(settings) as url:
        summary = make_backup(
            url,
            settings.data_folder,
            file.absolute(),
            present_settings(),
            _console(),
            progress_reporter(),
        )
    for path in summary.missing_mappings:
        click.echo(f"A data source reads the mapping {path}, which isn't there: it isn't in the backup.", err=True)
    click.echo(
        f"{summary.path}: {summary.size / 1e6:,.1f} MB, {summary.database.row_count:,} rows and"
        f" {summary.file_count} files as of {summary.made_at:%Y-%m-%d %H:%M:%S %Z}."
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def restore(context: click.Context, file: Path) -> None:
    """Restore a backup into an empty data folder, or into an empty database at DATABASE_URL, and verify it.

    FILE is checked as a whole before anything is changed. The database is restored in one transaction, brought to this
    version of Otklik, and then verified as `otklik verify` and `otklik audit verify` do.

    Exit code 0: all of it is there and right; 1: FILE can't be used here, or what was restored isn't right; 3: the
    database went away; 4: the disk is full.

    \b
    Example:
      OTKLIK_DATA=/srv/otklik otklik restore /srv/backups/otklik-2026-11-30.backup
    """
    from otklik.backup.archive_reader import reading
    from otklik.backup.restore import check_room, check_version, restore_backup
    from otklik.database.server.embedded import running_database
    from otklik.settings import read_settings

    settings, progress = read_settings(), progress_reporter()
    with _refusals(), reading(file, progress) as archive:
        check_version(archive.manifest, file)
        if not settings.database_url:
            check_room(archive.manifest, settings.data_folder)
        with running_database(settings) as url:
            summary = restore_backup(archive, url, settings.data_folder, present_settings(), _console(), progress)
    manifest, verification = summary.manifest, summary.verification
    click.echo(
        f"Restored {manifest.database.row_count:,} rows and {len(manifest.members) - 1} files as of"
        f" {manifest.made_at:%Y-%m-%d %H:%M:%S %Z}."
    )
    for note in summary.notes:
        click.echo(note)
    for problem in verification.problems:
        click.echo(problem, err=True)
    if not verification.is_clean:
        context.exit(1)
    click.echo("Every table has its rows, and every cell of every cube agrees with the appeals, votes and comments.")
    click.echo(f"All {verification.audit.entries} entries of the audit follow from one another.")


def present_settings() -> list[str]:
    """The names of the settings that the environment has, without those of addresses and folders of this machine."""
    from otklik.settings import Settings

    names = {str(field.validation_alias) for field in Settings.model_fields.values()}
    return sorted(name for name in names - {"OTKLIK_DATA", "DATABASE_URL"} if os.environ.get(name))


def _console() -> "Console":
    from otklik.backup.audit_entries import Console

    return Console(getpass.getuser(), socket.gethostname())


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn a refusal into the message of the command."""
    from otklik.backup.errors import UnusableBackup

    try:
        yield
    except UnusableBackup as error:
        raise click.ClickException(str(error)) from error
