"""`otklik upgrade`."""

from pathlib import Path

import click

from otklik.cli.console import progress_reporter


@click.command()
@click.option(
    "--old-binaries",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="The programs of the version that made the database, where they aren't found: a folder with `postgres`.",
)
@click.option("--remove-old", is_flag=True, help="Remove the database from before the upgrade, once all is well.")
def upgrade(old_binaries: Path | None, *, remove_old: bool) -> None:
    """Bring the embedded database to the major version of PostgreSQL that this Otklik brings.

    End `otklik run` first. The old database is read by its own programs, copied into a new one beside it, and the copy
    is verified: every row, cube and audit entry. Only then does the new one take its place, and the old one is kept as
    `postgresql-before-upgrade` until --remove-old. Whatever interrupts it, the old one stays, and the upgrade can be
    repeated.

    Exit code 1: it can't be upgraded, for the reason that the message says; 3: the copy isn't whole, or another Otklik
    uses the folder; 4: the disk is full. Then nothing has changed.

    \b
    Example:
      otklik upgrade --old-binaries /usr/lib/postgresql/17/bin
    """
    from otklik.backup.errors import UnusableBackup, UpgradeRefused
    from otklik.backup.upgrade import remove_earlier_cluster, upgrade_cluster
    from otklik.settings import read_settings

    settings = read_settings()
    if settings.database_url:
        raise click.ClickException(
            "DATABASE_URL names a server of your own: its administrator upgrades it, and `otklik migrate` the database."
        )
    try:
        if remove_old:
            size = remove_earlier_cluster(settings.data_folder)
            click.echo(
                "There is no database from before an upgrade."
                if size is None
                else f"The database from before the upgrade is removed: {size / 1e6:,.1f} MB are free again."
            )
            return
        summary = upgrade_cluster(settings.data_folder, old_binaries, progress_reporter())
    except (UpgradeRefused, UnusableBackup) as error:
        raise click.ClickException(str(error)) from error
    if summary is None:
        click.echo("The database has the major version that this Otklik brings: there is nothing to upgrade.")
        return
    click.echo(
        f"The database is upgraded from PostgreSQL {summary.old_version} to {summary.new_version}:"
        f" {summary.row_count:,} rows, all verified."
    )
    for note in summary.notes:
        click.echo(note)
    click.echo(
        f"The old one is in {summary.earlier_cluster}; `otklik upgrade --remove-old` removes it once all is well."
    )
