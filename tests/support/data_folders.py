"""Data folders with an empty cluster in them: making one takes a second of both processors, a copy a twentieth.

Tests of the very first start make theirs, as a person's first `otklik run` does.
"""

import atexit
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from otklik.database.server.embedded import EmbeddedServer
from tests.support.databases import shared_temp_folder


@contextmanager
def data_folder_with_cluster() -> Iterator[Path]:
    """A data folder as the first start of its server leaves it, without a table; deleted afterwards."""
    with shared_temp_folder() as folder:
        # The files keep their owner, who is `nobody` where we are root.
        subprocess.run(["/bin/cp", "--archive", _made_data_folder(), folder / "data"], check=True)
        yield folder / "data"


@cache
def _made_data_folder() -> Path:
    """The folder that this process copies; deleted at its end. Call it from the main thread."""
    resources = ExitStack()
    atexit.register(resources.close)
    data = resources.enter_context(shared_temp_folder()) / "data"
    with EmbeddedServer(data):
        pass
    return data
