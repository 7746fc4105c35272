"""Child processes that don't outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def start(
    command: Sequence[str | Path],
    *,
    parent_death_signal: signal.Signals,
    env: Mapping[str, str],
    cwd: Path,
    output: IO[bytes] | None = None,
    user: tuple[int, int] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a command that gets `at_death` when we end, however we end.

    `owner` is the (uid, gid) to run as. The child has a session of its own: Ctrl-C in the
    terminal reaches us alone, and we end the children in their order.
    """
    # The kernel ties a child to the thread that made it, and to the process only through that.
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("a tied child has to be started from the main thread")
    # Looked up here: between fork and exec nothing may be loaded.
    prctl = ctypes.CDLL(None).prctl
    parent_pid = os.getpid()

    def request_death_signal() -> None:
        prctl(PR_SET_PDEATHSIG, int(parent_death_signal), 0, 0, 0)
        if os.getppid() != parent_pid:  # we ended before the tie was made
            os._exit(1)

    uid, gid = user or (None, None)
    return subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        user=uid,
        group=gid,
        extra_groups=None if user is None else [],
        start_new_session=True,
        # Runs after the change of user, which would undo the tie.
        preexec_fn=request_death_signal,  # noqa: PLW1509 - only the main thread comes here
    )
