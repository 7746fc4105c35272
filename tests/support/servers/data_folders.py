"""Data folders with an empty cluster, or a demo, in them, copied instead of made.

Making an empty cluster takes a second of both processors, a demo of 20,000 appeals half a minute; a copy takes a
twentieth of a second, or one. Tests of the very first start make theirs, as a person's first `otklik run` does.
"""

import atexit
import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from otklik.database.server.embedded import EmbeddedServer
from tests.support.servers.databases import shared_temp_folder
from tests.support.servers.running_app import run_otklik

RUN_FOLDER_VARIABLE = "TEST_RUN_FOLDER"
"""The environment variable with the folder that the processes of a run share: the workers of pytest-xdist, and the
runs of pytest that `make test` consists of."""


def ensure_run_folder() -> Path:
    """The folder that the processes of a run share; made if need be, and deleted at the end of this process.

    Where a run has several processes, call it from the first of them before it starts others.
    """
    if path := os.environ.get(RUN_FOLDER_VARIABLE):
        return Path(path)
    resources = ExitStack()
    atexit.register(resources.close)
    folder = resources.enter_context(shared_temp_folder())
    os.environ[RUN_FOLDER_VARIABLE] = str(folder)
    return folder


@contextmanager
def data_folder_with_cluster() -> Iterator[Path]:
    """A data folder as the first start of its server leaves it, without a table; deleted afterwards."""
    with shared_temp_folder() as folder:
        _copy(_made_data_folder(), folder / "data")
        yield folder / "data"


@contextmanager
def data_folder_with_demo(appeals: int) -> Iterator[Path]:
    """A data folder with a demo of so many appeals, which a run makes once and whose clock stood at now then.

    Deleted afterwards.
    """
    run_folder = ensure_run_folder()
    template = run_folder / f"demo-{appeals}"
    with (run_folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            with data_folder_with_cluster() as data:
                result = run_otklik("demo", "--appeals", str(appeals), data=data)
                assert result.returncode == 0, result.stderr
                # What is interrupted leaves no half of a template.
                copy = Path(mkdtemp(dir=run_folder)) / "data"
                _copy(data, copy)
                copy.rename(template)
    with shared_temp_folder() as folder:
        _copy(template, folder / "data")
        yield folder / "data"


def _copy(source: Path, target: Path) -> None:
    # The files keep their owner, who is `nobody` where we are root.
    subprocess.run(["/bin/cp", "--archive", source, target], check=True)


@cache
def _made_data_folder() -> Path:
    """The folder that this process copies; deleted at its end. Call it from the main thread."""
    resources = ExitStack()
    atexit.register(resources.close)
    data = resources.enter_context(shared_temp_folder()) / "data"
    with EmbeddedServer(data):
        pass
    return data
