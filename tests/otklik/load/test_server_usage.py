"""The process that serves a port is found, and its processor time and memory are its own."""

import os
import socket
import time

from otklik.load.server_usage import ServerProcess, process_listening_on


def test_the_process_behind_a_port_is_found_while_it_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert process_listening_on(port) == os.getpid()
    assert process_listening_on(port) is None


def test_usage_counts_processor_time_and_memory_since_it_began() -> None:
    process = ServerProcess(os.getpid())
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    block = bytearray(b"x" * 50_000_000)
    process.sample()
    usage = process.usage()
    assert usage.cores > 0
    assert usage.arriving_cores == 0
    first, last, most = usage.memory_mb
    assert most >= last >= first + len(block) / 2e6


def test_what_arriving_took_is_kept_apart() -> None:
    process = ServerProcess(os.getpid())
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    process.note_arrival()
    assert process.usage().arriving_cores > 0
