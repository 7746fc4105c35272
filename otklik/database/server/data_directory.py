"""The files around one embedded server: its data folder, socket folder, lock files and address."""

import fcntl
import hashlib
import os
import shutil
from pathlib import Path
from typing import IO
from urllib.parse import quote

from otklik.database.server.binaries import server_user
from otklik.errors import DatabaseUnavailable

PORT = 5432
WAL_SEGMENT_BYTES = 2**24
MAX_SOCKET_FOLDER_BYTES = 107 - len(f"/.s.PGSQL.{PORT}")
"""Bytes; a socket's path has to fit into `sockaddr_un.sun_path` (unix(7))."""


def socket_folder(data_folder: Path) -> Path:
    """The folder of the server's socket: inside the data folder, or under /tmp if that path is too long."""
    resolved_folder = data_folder.resolve()
    inside = resolved_folder / "socket"
    if len(os.fsencode(inside)) <= MAX_SOCKET_FOLDER_BYTES:
        return inside
    digest = hashlib.sha256(os.fsencode(resolved_folder)).hexdigest()[:16]
    # Not TMPDIR: two launchers with different values have to find the same server.
    return Path("/tmp") / f"otklik-{digest}"  # noqa: S108 - made private below, and checked


def server_url(data_folder: Path, database: str = "otklik", user: str = "otklik") -> str:
    """The address, in libpq's form, of a database on the server of this data folder; by default as its owner."""
    folder = quote(str(socket_folder(data_folder)))
    return f"postgresql://{user}@/{database}?host={folder}&port={PORT}"


def is_disk_full(data_folder: Path) -> bool:
    """Whether there is no room for another segment of the server's log, without which the server ends."""
    try:
        return shutil.disk_usage(data_folder).free < WAL_SEGMENT_BYTES
    except OSError:
        return False


def owner_lock_path(data_folder: Path) -> Path:
    """The file that is locked while a server starts or runs."""
    return data_folder / "owner.lock"


def users_lock_path(data_folder: Path) -> Path:
    """The file on which every process that uses the server holds a shared lock, and who stops it an exclusive one."""
    return data_folder / "users.lock"


def try_lock(file: IO[bytes], kind: int) -> bool:
    """Lock a file shared or exclusively (`fcntl.LOCK_SH`, `LOCK_EX`), if that is possible at once."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_private_file(path: Path) -> IO[bytes]:
    """A file for appending that no other account can read or lock, also one that was made readable before."""
    file = open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115 -- with a mode
    if os.fstat(file.fileno()).st_mode & 0o077:
        os.fchmod(file.fileno(), 0o600)
    return file


def make_private_folder(folder: Path) -> None:
    """Make a folder that only the server's user can enter. Raises DatabaseUnavailable."""
    uid = (server_user() or (os.geteuid(), 0))[0]
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        folder_stat = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or folder_stat.st_uid not in (uid, os.geteuid()):
            raise DatabaseUnavailable(
                f"{folder} belongs to someone else: remove it, or set OTKLIK_DATA to another folder"
                " whose path is shorter."
            ) from None
    if user := server_user():
        os.chown(folder, *user)
    folder.chmod(0o700)
