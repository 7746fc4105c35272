"""The file of a backup: a ZIP of the database's dump, files of the data folder, and a manifest with their hashes."""

import errno
import fcntl
import hashlib
import os
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Self

from pydantic import ValidationError

from otklik.backup.errors import UnusableBackup
from otklik.backup.manifest import FORMAT, MANIFEST_NAME, Manifest, Member
from otklik.errors import DiskFull
from otklik.progress import ProgressCallback, ignore_progress

CHUNK_BYTES = 2**20
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
    unfinished = path.with_name(f".{path.name}.unfinished")
    # Not truncated before it is locked.
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnusableBackup(f"Another backup is being written to {path}.") from None
        file.truncate(0)  # of a backup that was killed
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


class ArchiveReader:
    """Reads a backup that was checked. Use `reading`."""

    def __init__(self, zip_file: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
        """`manifest` is that of the file at `path`."""
        self.path = path.absolute()
        self._zip = zip_file
        self.manifest = manifest

    def __enter__(self) -> Self:
        """Nothing to do: the file is open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._zip.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member."""
        with self._zip.open(name) as member:
            while chunk := member.read(CHUNK_BYTES):
                yield chunk


def reading(path: Path, progress: ProgressCallback = ignore_progress) -> ArchiveReader:
    """A reader of a backup all of whose hashes agree with its manifest.

    Raises UnusableBackup for a file that is no backup, is cut or damaged, or is of a newer Otklik.
    """
    try:
        zip_file = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise UnusableBackup(f"There is no file {path}.") from None
    except OSError as error:
        raise UnusableBackup(f"{path} can't be read ({error.strerror}).") from error
    except zipfile.BadZipFile as error:
        raise UnusableBackup(f"{path} is no backup of Otklik, or its end is missing: use another one.") from error
    try:
        reader = ArchiveReader(zip_file, _read_manifest(zip_file, path), path)
        _check_hashes(reader, path, progress)
    except BaseException:
        zip_file.close()
        raise
    return reader


def _read_manifest(zip_file: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        text = zip_file.read(MANIFEST_NAME)
    except KeyError:
        raise UnusableBackup(f"{path} is no backup of Otklik.") from None
    except (zipfile.BadZipFile, OSError) as error:
        raise _damaged(path) from error
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        if f'"format": {FORMAT},' in text.decode(errors="replace"):
            raise _damaged(path) from error
        raise UnusableBackup(f"{path} was made by a newer Otklik: update this one to the same version.") from error
    if manifest.format > FORMAT:
        raise UnusableBackup(f"{path} was made by a newer Otklik ({manifest.otklik}): update this one to that version.")
    return manifest


def _check_hashes(reader: ArchiveReader, path: Path, progress: ProgressCallback) -> None:
    members: Mapping[str, Member] = reader.manifest.members
    total, completed = sum(member.size for member in members.values()), 0
    for name, member in members.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise _damaged(path)
        digest, size = hashlib.sha256(), 0
        try:
            for chunk in reader.chunks(name):
                digest.update(chunk)
                size += len(chunk)
                progress("Checking the file", completed + size, total + 1)
        except (KeyError, zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
            raise _damaged(path) from error
        if (size, digest.hexdigest()) != (member.size, member.sha256):
            raise _damaged(path)
        completed += size
    progress("Checking the file", total + 1, total + 1)


def _damaged(path: Path) -> UnusableBackup:
    return UnusableBackup(f"{path} is damaged: what it holds isn't what was written to it. Use another one.")


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
