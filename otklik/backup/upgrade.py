"""A new major version of the embedded server: its cluster is dumped and restored beside, verified, and swapped."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from otklik.backup.cluster_copy import copy_and_verify
from otklik.backup.errors import UpgradeRefused
from otklik.backup.old_programs import old_bin_folder
from otklik.database.server import postmaster
from otklik.database.server.binaries import major_version, postgres_bin_folder
from otklik.database.server.cluster import (
    cluster_folder,
    cluster_major_version,
    earlier_cluster_folder,
    undo_interrupted_swap,
)
from otklik.database.server.embedded import EmbeddedServer
from otklik.database.server.exclusive import exclusive_use, running_server
from otklik.errors import DiskFull
from otklik.progress import ProgressCallback, ignore_progress

UNFINISHED_FOLDER = "upgrade.unfinished"
"""The data folder, inside of the one to upgrade, in which the new cluster is made."""
DISK_FACTOR = 1.2
"""Bytes that the new cluster and its log take, as a multiple of the old one's."""


@dataclass(frozen=True)
class UpgradeSummary:
    """What an upgrade has done; `notes` are sentences on what a person should know."""

    old_version: str
    new_version: str
    row_count: int
    earlier_cluster: Path
    notes: list[str]


def pending_upgrade(data_folder: Path) -> tuple[str, str] | None:
    """The major versions of the cluster and of this Otklik's programs; None where they are the same.

    Raises UpgradeRefused where there is no cluster, or a newer one than this Otklik's.
    """
    cluster = cluster_folder(data_folder)
    if not cluster.exists():
        cluster = earlier_cluster_folder(data_folder)  # of an upgrade that was killed between its two last steps
    try:
        old_version = cluster_major_version(cluster)
    except OSError as error:
        message = f"There is no embedded database in {data_folder}: set OTKLIK_DATA to its folder."
        raise UpgradeRefused(message) from error
    new_version = major_version(postgres_bin_folder(data_folder) / "postgres") or "0"
    if float(old_version) > float(new_version):
        raise UpgradeRefused(
            f"{cluster} was made by PostgreSQL {old_version}, and this Otklik brings {new_version}: update Otklik."
        )
    return (old_version, new_version) if old_version != new_version else None


def upgrade_cluster(
    data_folder: Path, given_bin_folder: Path | None = None, progress: ProgressCallback = ignore_progress
) -> UpgradeSummary | None:
    """Bring the cluster of a data folder to the major version of this Otklik's programs; None where it has it.

    The old cluster is only read. Until the new one is whole and verified it stays in its place; then it is moved to
    `earlier_cluster_folder`. Raises UpgradeRefused, DatabaseUnavailable, DiskFull; then nothing has changed.
    """
    versions = pending_upgrade(data_folder)
    if versions is None:
        return None
    old_version, new_version = versions
    cluster, earlier_cluster = cluster_folder(data_folder), earlier_cluster_folder(data_folder)
    unfinished = data_folder / UNFINISHED_FOLDER
    old_programs = old_bin_folder(data_folder, old_version, given_bin_folder)
    with exclusive_use(data_folder) as owner_lock:
        undo_interrupted_swap(data_folder)
        if earlier_cluster.exists():
            raise UpgradeRefused(
                f"{earlier_cluster} is left from another upgrade: `otklik upgrade --remove-old` removes it."
            )
        _check_room(cluster)
        _remove_unfinished(unfinished)
        try:
            with (
                running_server(data_folder, old_programs, owner_lock) as old_url,
                EmbeddedServer(unfinished) as new_server,
            ):
                state, notes = copy_and_verify(old_url, new_server.url, progress)
            cluster.rename(earlier_cluster)
            cluster_folder(unfinished).rename(cluster)
        finally:
            _remove_unfinished(unfinished)
    return UpgradeSummary(old_version, new_version, state.row_count, earlier_cluster, notes)


def remove_earlier_cluster(data_folder: Path) -> int | None:
    """Remove what an upgrade has left; returns its bytes, None where there is nothing. Raises UpgradeRefused."""
    earlier_cluster = earlier_cluster_folder(data_folder)
    if not earlier_cluster.exists():
        return None
    cluster = cluster_folder(data_folder)
    if not cluster.exists() or cluster_major_version(cluster) == cluster_major_version(earlier_cluster):
        raise UpgradeRefused(f"The database in {data_folder} isn't upgraded yet: nothing is removed.")
    size = _folder_bytes(earlier_cluster)
    shutil.rmtree(earlier_cluster)
    return size


def _remove_unfinished(folder: Path) -> None:
    """Remove the new cluster of an upgrade that didn't end well, with its server if that still runs."""
    if folder.exists():
        postmaster.stop(cluster_folder(folder))
        shutil.rmtree(folder)


def _check_room(cluster: Path) -> None:
    needed, free = int(_folder_bytes(cluster) * DISK_FACTOR), shutil.disk_usage(cluster).free
    if free < needed:
        raise DiskFull(
            f"The upgrade needs about {needed / 1e9:.1f} GB in {cluster.parent}, where {free / 1e9:.1f} GB are free:"
            " make room."
        )


def _folder_bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*"))
