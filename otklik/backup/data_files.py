"""What a backup holds besides the database: files of the data folder, and mappings that data sources name."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import Any

import psycopg

from otklik.backup.archive_reader import ArchiveReader
from otklik.backup.errors import UnusableBackup
from otklik.backup.manifest import CHUNK_BYTES

DATA_FOLDERS = ("boundaries", "rejected")
"""Folders of the data folder that can't be made again: boundaries of territories, and rows that weren't imported."""
EXTERNAL_FOLDER = "restored-files"
"""The folder of a restored data folder with files that belong elsewhere."""
MAPPINGS_SQL = "SELECT DISTINCT mapping FROM data_source WHERE removed_at IS NULL AND mapping LIKE '/%' ORDER BY 1"


def data_files(data_folder: Path) -> dict[str, Path]:
    """Member of a backup -> file of the data folder."""
    return {
        path.relative_to(data_folder).as_posix(): path
        for folder in DATA_FOLDERS
        for path in sorted((data_folder / folder).rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def mapping_files(connection: psycopg.Connection[Any]) -> dict[str, Path]:
    """Member of a backup -> the mapping of a data source, outside of Otklik's own folders."""
    if connection.execute("SELECT to_regclass('public.data_source')").fetchone() == (None,):
        return {}  # the database of an older Otklik
    paths = [Path(mapping) for (mapping,) in connection.execute(MAPPINGS_SQL)]
    return {f"{EXTERNAL_FOLDER}/{number}-{path.name}": path for number, path in enumerate(paths, 1)}


def file_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file. Raises OSError at the first one."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def check_targets(archive: ArchiveReader, data_folder: Path) -> None:
    """Raise UnusableBackup if restoring would replace a file of the data folder by another one."""
    for name in _file_members(archive):
        target = data_folder / name
        if target.exists() and target.read_bytes() != b"".join(archive.chunks(name)):
            raise UnusableBackup(
                f"{target} is there already and isn't what the backup holds: move it away, or set OTKLIK_DATA to an"
                " empty folder."
            )


def restore_files(archive: ArchiveReader, data_folder: Path) -> None:
    """Write the files of a backup into a data folder, each whole or not at all."""
    for name in _file_members(archive):
        target = data_folder / name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=target.parent, delete=False) as file:  # for its owner alone
            file.writelines(archive.chunks(name))
        Path(file.name).replace(target)


def misplaced_files(external_files: Mapping[str, str], data_folder: Path) -> list[str]:
    """A sentence for each restored file that belongs elsewhere and isn't there, or isn't the same there."""
    sentences = []
    for name, path in sorted(external_files.items()):
        copy, place = data_folder / name, Path(path)
        try:
            is_there = place.read_bytes() == copy.read_bytes()
        except OSError:
            is_there = False
        if not is_there:
            sentences.append(
                f"A data source reads the mapping {place}, which isn't there as it was: copy {copy} there."
            )
    return sentences


def _file_members(archive: ArchiveReader) -> list[str]:
    folders = (*DATA_FOLDERS, EXTERNAL_FOLDER)
    return [name for name in archive.manifest.members if PurePosixPath(name).parts[0] in folders]
