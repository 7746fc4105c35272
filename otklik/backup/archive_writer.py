"""Writing the file of a backup: a ZIP of the database's dump, files of the data folder, and a manifest with hashes."""

import errno
import fcntl
import hashlib
import os
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from otklik.backup.errors import UnusableBackup
from otklik.backup.manifest import MANIFEST_NAME, Manifest, Member
from otklik.database.server.data_directory import try_lock
from otklik.errors import DiskFull

UNFINISHED_SUFFIX = ".otklik-unfinished"
"""At the end of the name of a backup that is being written."""
PRIVATE_FILE = 0o600
"""The mode of a backup, which holds personal data."""


class ArchiveWriter:
    """Writes a backup member by member, under a temporary name until it is whole. Use `writing`."""

    def __init__(self, file: IO[bytes]) -> None:
        """`file` is empty and can be written."""
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self.members: dict[str, Member] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add a member of unknown length."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_zip_entry(name), "w", force_zip64=True) as target:
            for chunk in chunks:
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.members[name] = Member(size=size, sha256=digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest and the directory, without which the file is no backup."""
        self._zip.writestr(_zip_entry(MANIFEST_NAME), manifest.model_dump_json(indent=1))
        self._zip.close()

    def abandon(self) -> None:
        """Close what is unfinished, also on a full disk."""
        with suppress(OSError):
            self._zip.close()


@contextmanager
def writing(path: Path) -> Iterator[ArchiveWriter]:
    """A writer of the backup at `path`, which is there at the end of the block, whole and for its owner alone.

    After an error nothing is there. Raises UnusableBackup where something is there already, DiskFull, and OSError.
    """
    if path.exists() or path.is_symlink():
        raise UnusableBackup(f"{path} exists already: name another file; a backup replaces none.")
    if not path.parent.is_dir():
        raise UnusableBackup(f"{path.parent} is no folder: make it, or name a file elsewhere.")
    _remove_abandoned(path.parent)
    unfinished = path.with_name(f".{path.name}{UNFINISHED_SUFFIX}")
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    with os.fdopen(descriptor, "r+b") as file:
        if not try_lock(file, fcntl.LOCK_EX):
            raise UnusableBackup(f"Another backup is being written to {path}.")
        archive = ArchiveWriter(file)
        try:
            yield archive
            file.flush()
            os.fsync(file.fileno())
        except BaseException as error:
            archive.abandon()
            unfinished.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                message = f"The disk of {path.parent} is full: make room, or name a file on another disk."
                raise DiskFull(message) from error
            raise
        unfinished.rename(path)
    _sync_folder(path.parent)


def _remove_abandoned(folder: Path) -> None:
    """Remove what backups that were killed have left; one that is being written is locked."""
    for unfinished in folder.glob(f".*{UNFINISHED_SUFFIX}"):
        with suppress(OSError), unfinished.open("rb") as file:
            if try_lock(file, fcntl.LOCK_EX):
                unfinished.unlink()


def _zip_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, time.localtime()[:6])
    entry.external_attr = PRIVATE_FILE << 16
    return entry


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the new name, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
