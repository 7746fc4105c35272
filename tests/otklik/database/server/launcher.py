"""A launcher for tests: serves a data folder, says so, and waits to be ended."""

import signal
import sys
from pathlib import Path

from otklik.database.server.embedded import EmbeddedServer

signal.signal(signal.SIGTERM, lambda *_: sys.exit())
with EmbeddedServer(Path(sys.argv[1])) as server:
    print("serves", flush=True)  # noqa: T201 - the test reads it
    sys.stdin.readline()
    # Told to look again, as the launcher's loop does: the server may have been killed.
    server.ensure_running()
    print("serves", flush=True)  # noqa: T201
    signal.pause()
