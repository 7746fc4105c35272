"""The files of one embedded server: its data folder, socket folder and pid file."""

import errno
import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import IO
from urllib.parse import quote

from otklik.database.server.binaries import SERVER_ENVIRONMENT, server_user
from otklik.database.server.character_type import CHARACTER_TYPE
from otklik.errors import DatabaseUnavailable, DiskFull

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


def open_private_file(path: Path) -> IO[bytes]:
    """A file for appending that no other account can read or lock, also one that was made readable before."""
    file = open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115 -- with a mode
    if os.fstat(file.fileno()).st_mode & 0o077:
        os.fchmod(file.fileno(), 0o600)
    return file


def restrict_logins(cluster: Path) -> None:
    """Let only this account and root in: the folder's owner may be `nobody`, whom any daemon may be.

    An account without a name can't be recognized: then whoever can enter the socket's folder is let in.
    """
    try:
        account_names = {pwd.getpwuid(uid).pw_name for uid in (os.geteuid(), 0)}
    except KeyError:
        return
    contents = {
        "pg_hba.conf": "# Written by Otklik at each start.\nlocal all all peer map=otklik\n",
        "pg_ident.conf": "".join(f'otklik "{name}" all\n' for name in sorted(account_names)),
    }
    for name, content in contents.items():
        if (cluster / name).read_text(encoding="utf-8") != content:
            (cluster / name).write_text(content, encoding="utf-8")  # keeps the owner that initdb gave it


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


def make_cluster(bin_folder: Path, data_folder: Path) -> Path:
    """PostgreSQL's own folder in the data folder, made at the first start. Raises DatabaseUnavailable.

    Call it while holding the owner's lock.
    """
    cluster = data_folder / "postgresql"
    if not cluster.exists():
        unfinished = data_folder / "postgresql.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private_folder(unfinished)
        _initdb(bin_folder, unfinished)
        unfinished.rename(cluster)
    if not (cluster / "PG_VERSION").is_file():
        raise DatabaseUnavailable(
            f"{cluster} is no whole database (PG_VERSION is missing): restore it from a backup, or move it away and"
            " start with a new one."
        )
    cluster_version = (cluster / "PG_VERSION").read_text().strip()
    binaries_version = _major_version(bin_folder)
    if cluster_version != binaries_version:
        raise DatabaseUnavailable(
            f"{cluster} was made by PostgreSQL {cluster_version}, and this Otklik brings {binaries_version}: dump it"
            " with the Otklik that made it, and restore the dump into a new data folder."
        )
    restrict_logins(cluster)
    return cluster


def leftover_server_pid(cluster: Path) -> int | None:
    """The process id of a server that still runs in this folder, or None."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    return pid if os.fsencode(cluster) in command else None


def neutralize_pid_file(cluster: Path) -> None:
    """Make the pid file of a crashed server harmless, even if another process has its number now.

    PostgreSQL ignores a pid file that names its own parent, and still refuses to start while processes of the crashed
    server use its memory. Without the file it wouldn't check that.
    """
    pid_file = cluster / "postmaster.pid"
    if pid_file.exists():
        # In place: on a full disk there is no room for another file.
        with pid_file.open("r+") as file:
            other_lines = file.read().partition("\n")[2]
            file.seek(0)
            file.write(f"{os.getpid()}\n{other_lines}")
            file.truncate()


def _initdb(bin_folder: Path, folder: Path) -> None:
    uid, gid = server_user() or (None, None)
    result = subprocess.run(
        [
            bin_folder / "initdb",
            *("-D", folder, "-U", "otklik", "--encoding=UTF8"),
            # The folder of the socket is private, and nothing listens elsewhere.
            *("--auth-local=trust", "--auth-host=reject"),
            # Correct lower case and search for Russian without a system library.
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"),
            # Trigrams and the words of search still ask the system library what a letter is.
            f"--lc-ctype={CHARACTER_TYPE}",
        ],
        env=SERVER_ENVIRONMENT,
        cwd="/",
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        error_lines = [line for line in result.stderr.splitlines() if "error" in line] or ["no reason given"]
        error_class = DiskFull if os.strerror(errno.ENOSPC) in result.stderr else DatabaseUnavailable
        raise error_class(f"The database can't be made in {folder.parent} ({error_lines[-1]}).")


def _major_version(bin_folder: Path) -> str:
    result = subprocess.run([bin_folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    return result.stdout.split()[-1].partition(".")[0]
