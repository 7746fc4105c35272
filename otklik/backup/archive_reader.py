"""Reading the file of a backup, after all of it was checked."""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Self

from pydantic import ValidationError

from otklik.backup.errors import UnusableBackup
from otklik.backup.manifest import CHUNK_BYTES, FORMAT, MANIFEST_NAME, Manifest, Member
from otklik.progress import ProgressCallback, ignore_progress


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
