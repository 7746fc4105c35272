"""A launcher for tests: serves a data folder, says so, and waits to be ended."""

import signal
import sys
from pathlib import Path

from otklik.database.server.embedded import EmbeddedServer

with EmbeddedServer(Path(sys.argv[1])) as server:
    print("owned" if server.is_owner else "joined", flush=True)  # noqa: T201 - the test reads it
    sys.stdin.readline()
    # Told to look again, as the launcher's loop does: who has joined may have to take over.
    server.ensure_running()
    print("owned" if server.is_owner else "joined", flush=True)  # noqa: T201
    signal.sigwait({signal.SIGTERM})
