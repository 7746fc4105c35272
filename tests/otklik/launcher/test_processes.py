"""Several processes of the screens behind nginx, with the configuration of `deploy/nginx.conf`."""

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from otklik.database.server import child_process
from otklik.launcher.app_server import processes_settings
from otklik.paths import ROOT
from otklik.settings import Settings
from tests.support.servers.data_folders import data_folder_with_cluster
from tests.support.servers.databases import free_port
from tests.support.servers.running_app import RunningApp, is_healthy, run_otklik, running_app
from tests.support.servers.streamlit_client import PageRun, open_page
from tests.support.waiting import wait_for

pytestmark = pytest.mark.second_server
NGINX_CONFIG = ROOT / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
WRAPPER = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{ }}
http {{ client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
        uwsgi_temp_path {folder}; scgi_temp_path {folder}; include {folder}/otklik.conf; }}
"""
COOKIE = re.compile(r"otklik_process=([^;]+)")
PAGE = "overdue"
BROWSERS = 8


@pytest.fixture(scope="module")
def app() -> Iterator[RunningApp]:
    """Two processes of the screens, the measurements of which are on the two ports after theirs."""
    with data_folder_with_cluster() as data:
        result = run_otklik("demo", "--appeals", "300", data=data)
        assert result.returncode == 0, result.stderr
        port = free_ports(4)
        metrics_address = f"127.0.0.1:{port + 2}"
        with running_app(data, port, ["--processes", "2"], OTKLIK_METRICS_ADDRESS=metrics_address) as started:
            wait_for(lambda: all(map(is_healthy, process_urls(started))), "both processes")
            yield started


@pytest.fixture(scope="module")
def proxy_url(app: RunningApp) -> Iterator[str]:
    """The address of nginx in front of both processes."""
    with running_nginx(app) as url:
        yield url


def free_ports(count: int) -> int:
    """The first of so many ports in a row that nothing listens on."""
    while True:
        first = free_port()
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


def port_of(app: RunningApp, process: int) -> int:
    return int(app.url.rpartition(":")[2]) + process


def process_urls(app: RunningApp) -> list[str]:
    return [f"http://127.0.0.1:{port_of(app, process)}" for process in (0, 1)]


@contextmanager
def running_nginx(app: RunningApp) -> Iterator[str]:
    """Nginx with the configuration of `deploy`, without TLS: with the ports and the folder of this test."""
    assert NGINX, "these tests need nginx: apt-get install nginx-light"
    port = free_port()
    config = NGINX_CONFIG.read_text(encoding="utf-8").partition("\nserver {\n    listen 80;")[0]
    config = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", config)
    config = re.sub(r"^ *ssl_.*\n", "", config, flags=re.MULTILINE).replace("secure httponly", "httponly")
    for number in (0, 1):
        config = config.replace(f"127.0.0.1:{8501 + number}", f"127.0.0.1:{port_of(app, number)}")
    folder = app.data.parent
    config = config.replace("/var/log/nginx", str(folder))
    (folder / "otklik.conf").write_text(config, encoding="utf-8")
    (folder / "nginx.conf").write_text(WRAPPER.format(folder=folder), encoding="utf-8")
    folder.chmod(0o755)
    with (folder / "nginx.log").open("wb") as output:
        process = child_process.start(
            [NGINX, "-c", str(folder / "nginx.conf")],
            parent_death_signal=signal.SIGTERM,
            env=os.environ,
            cwd=folder,
            output=output,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: process.poll() is not None or is_healthy(url), "nginx")
        assert process.poll() is None, (folder / "nginx.log").read_text()
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def new_browser(url: str) -> list[dict[str, str]]:
    """The cookies of a browser that nobody has used yet, after its first request."""
    with urlopen(Request(f"{url}/healthz")) as response:  # noqa: S310 -- our own server
        cookie = COOKIE.search(response.headers["set-cookie"])
    assert cookie
    return [{"name": "otklik_process", "value": cookie[1]}]


def opened(url: str, cookies: list[dict[str, str]]) -> PageRun:
    return open_page(url, PAGE, "lang=en&period=all", cookies)  # type: ignore[arg-type]


def figures(run: PageRun) -> list[str]:
    """The figures of a page."""
    return [element.metric.body for element in run.elements() if element.WhichOneof("type") == "metric"]


def page_run_counts(app: RunningApp) -> list[int]:
    """How often each process has run the page."""
    return [int(measured(app, process).get(f'otklik_page_runs_total{{page="{PAGE}"}}', 0)) for process in (0, 1)]


def measured(app: RunningApp, process: int) -> dict[str, float]:
    """The measurements of a process by their names with labels."""
    with urlopen(f"http://127.0.0.1:{port_of(app, process) + 2}/metrics") as response:
        lines = response.read().decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_browsers_are_spread_over_the_processes_and_each_stays_with_its_own(app: RunningApp, proxy_url: str) -> None:
    processes = []
    for cookies in [new_browser(proxy_url) for _ in range(BROWSERS)]:
        counts = [page_run_counts(app)]
        for _ in range(2):
            assert figures(opened(proxy_url, cookies))
            counts.append(page_run_counts(app))
        (first, second) = (
            [process for process in (0, 1) if after[process] > before[process]] for before, after in pairwise(counts)
        )
        assert first == second
        processes += first
        if set(processes) == {0, 1}:
            break
    assert set(processes) == {0, 1}
    assert len(processes) <= BROWSERS


def test_a_process_measures_itself_for_nobody_but_who_watches(app: RunningApp, proxy_url: str) -> None:
    opened(proxy_url, new_browser(proxy_url))
    for process in (0, 1):
        before = measured(app, process)
        assert before["otklik_database_up"] == 1
        assert 0 <= before["otklik_data_age_seconds"] < 30
        assert before["process_resident_memory_bytes"] > 1e7
    assert sum(measured(app, process)["otklik_query_runs_total"] for process in (0, 1)) > 0
    for path in ("metrics", "_stcore/metrics"):
        with pytest.raises(OSError, match="404"):
            urlopen(f"{proxy_url}/{path}")  # noqa: S310 -- our own server


def test_viewers_are_told_of_changes_through_the_proxy(app: RunningApp, proxy_url: str) -> None:
    options = ("--viewers", "2", "--seconds", "20", "--rate", "0.1")
    result = run_otklik("load", "--url", proxy_url, *options, data=app.data)
    assert result.returncode == 0, result.stderr
    assert "| errors | 0 |" in result.stdout
    assert sum(measured(app, process)["otklik_live_messages_total"] for process in (0, 1)) > 0


def test_browsers_of_a_process_that_ends_go_on_with_the_other(app: RunningApp, proxy_url: str) -> None:
    browsers = [new_browser(proxy_url) for _ in range(4)]
    shown_before = figures(opened(proxy_url, browsers[0]))
    os.kill(process_id(app, 0), signal.SIGKILL)
    for cookies in browsers:
        assert figures(opened(proxy_url, cookies)) == shown_before
    wait_for(lambda: is_healthy(process_urls(app)[0]), "the process's return")
    message = f"The screens on port {port_of(app, 0)} ended by themselves (exit code -9) and are started again."
    assert message in app.log.read_text()


def process_id(app: RunningApp, process: int) -> int:
    option = f"--server.port={port_of(app, process)}"
    result = subprocess.run(["/usr/bin/pgrep", "--full", "--", option], capture_output=True, text=True, check=True)
    return int(result.stdout)


def test_nginx_accepts_the_configuration_as_it_is(tmp_path: Path) -> None:
    assert NGINX, "these tests need nginx: apt-get install nginx-light"
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=otklik.example.org"]
    openssl = ["/usr/bin/openssl", *request, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(openssl, check=True, capture_output=True)
    config = NGINX_CONFIG.read_text(encoding="utf-8").replace("/etc/ssl/otklik.pem", str(certificate))
    config = config.replace("/etc/ssl/otklik.key", str(key)).replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "otklik.conf").write_text(config, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(WRAPPER.format(folder=tmp_path), encoding="utf-8")
    command = [NGINX, "-t", "-c", str(tmp_path / "nginx.conf")]
    checked = subprocess.run(command, check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr


def test_each_process_has_ports_of_its_own() -> None:
    settings = processes_settings(Settings(port=8501, metrics_address=("127.0.0.1", 9464)), 3)
    assert [process.port for process in settings] == [8501, 8502, 8503]
    assert [process.metrics_address for process in settings] == [("127.0.0.1", 9464 + n) for n in range(3)]
    assert processes_settings(Settings(port=80), 1) == [Settings(port=80)]
