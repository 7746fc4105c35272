"""PostgreSQL's own folder in a data folder: made at the first start, and left by one server after the other."""

import errno
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from otklik.database.server.binaries import SERVER_ENVIRONMENT, major_version, server_user
from otklik.database.server.character_type import CHARACTER_TYPE
from otklik.database.server.data_directory import make_private_folder
from otklik.errors import DatabaseUnavailable, DiskFull


def cluster_folder(data_folder: Path) -> Path:
    """PostgreSQL's own folder in a data folder."""
    return data_folder / "postgresql"


def earlier_cluster_folder(data_folder: Path) -> Path:
    """Where `otklik upgrade` leaves the cluster of the earlier major version."""
    return data_folder / "postgresql-before-upgrade"


def cluster_major_version(cluster: Path) -> str:
    """The major version of PostgreSQL that made a cluster, such as "18". Raises OSError."""
    return (cluster / "PG_VERSION").read_text().strip()


def undo_interrupted_swap(data_folder: Path) -> None:
    """Put the cluster back that an upgrade had moved when it was killed. Call it while holding the owner's lock."""
    cluster, earlier_cluster = cluster_folder(data_folder), earlier_cluster_folder(data_folder)
    if earlier_cluster.exists() and not cluster.exists():
        earlier_cluster.rename(cluster)


def make_cluster(bin_folder: Path, data_folder: Path) -> Path:
    """PostgreSQL's own folder in the data folder, made at the first start. Raises DatabaseUnavailable.

    Call it while holding the owner's lock.
    """
    undo_interrupted_swap(data_folder)
    cluster = cluster_folder(data_folder)
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
    cluster_version, binaries_version = cluster_major_version(cluster), major_version(bin_folder / "postgres")
    if cluster_version != binaries_version:
        is_older = float(cluster_version) < float(binaries_version or 0)
        advice = (
            "run `otklik upgrade` (docs/operations.md)" if is_older else "update Otklik to the version that made it"
        )
        raise DatabaseUnavailable(
            f"{cluster} was made by PostgreSQL {cluster_version}, and this Otklik brings {binaries_version}: {advice}."
        )
    restrict_logins(cluster)
    return cluster


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
        "pg_ident.conf": "".join(
            # Before PostgreSQL 16 `all` is a name as any other; an upgrade from there connects as the owner.
            f'otklik "{name}" all\notklik "{name}" otklik\n'
            for name in sorted(account_names)
        ),
    }
    for name, content in contents.items():
        if (cluster / name).read_text(encoding="utf-8") != content:
            (cluster / name).write_text(content, encoding="utf-8")  # keeps the owner that initdb gave it


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
