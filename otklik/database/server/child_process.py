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
    """Start a command that gets a signal when this process ends, however it ends. Call it from the main thread.

    `user` is the (uid, gid) to run as. The child has a session of its own: Ctrl-C in the terminal reaches only this
    process, which stops its children in order.
    """
    # The kernel sends the signal when the thread that started the child ends; the main thread ends with the process.
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("a child that ends with its parent has to be started from the main thread")
    # Looked up here, since nothing may be loaded between fork and exec.
    prctl = ctypes.CDLL(None).prctl
    parent_pid = os.getpid()

    def request_death_signal() -> None:
        prctl(PR_SET_PDEATHSIG, int(parent_death_signal), 0, 0, 0)
        if os.getppid() != parent_pid:  # the parent ended before this was set
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
        # Runs after the change of user, which would clear the signal.
        preexec_fn=request_death_signal,  # noqa: PLW1509 - only the main thread comes here
    )
