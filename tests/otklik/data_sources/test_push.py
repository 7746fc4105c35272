"""Rows that are pushed over HTTP: by a token alone, one or many, and twice the same is once."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from otklik.data_sources import push_endpoint
from otklik.data_sources.push_endpoint import intake_routes
from otklik.launcher.source_worker import SourceWorker
from tests.support.imports.data_sources import recorded_runs, run_source
from tests.support.imports.export_files import query_rows, run_import, table_contents
from tests.support.imports.service_requests import appeal_rows, service_request, service_requests, write_requests
from tests.support.servers.asgi import Response, run_in_event_loop, send_request

APP = Starlette(routes=list(intake_routes))


@pytest.fixture
def token(url: str, tmp_path: Path) -> str:
    result = run_source(url, tmp_path, "add", "push", "city", "--mapping", "boston311")
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


@pytest.fixture
def worker(url: str, tmp_path: Path) -> Iterator[SourceWorker]:
    running = SourceWorker(url, tmp_path)
    thread = threading.Thread(target=running.run)
    thread.start()
    yield running
    running.stopped.set()
    thread.join()


def request(path: str, token: str = "", method: str = "GET", body: bytes = b"") -> Response:
    headers = {b"authorization": f"Bearer {token}".encode()} if token else {}
    return run_in_event_loop(lambda: send_request(APP, path, headers=headers, method=method, body=body))


def post(body: object, token: str = "", name: str = "city") -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return request(f"/intake/{name}", token, "POST", content)


def answer(response: Response) -> Any:  # noqa: ANN401 - JSON
    return json.loads(response.body)


@pytest.mark.usefixtures("worker")
def test_rows_are_merged_and_each_is_answered(url: str, tmp_path: Path, token: str) -> None:
    rows = service_requests(40)
    response = post(rows, token)
    assert response.status == 200, response.body
    assert [row["result"] for row in answer(response)["results"]] == ["new"] * 40
    came_in = appeal_rows(url)
    assert (
        "0 new, 0 changed, 40 unchanged"
        in run_import(url, write_requests(tmp_path / "a.csv", rows), "boston311").stdout
    )

    # One object, numbers as numbers, and nulls.
    one: dict[str, Any] = dict(service_request(41), neighborhood=None, latitude=42.25, longitude=-71.05)
    one["case_enquiry_id"] = int(one["case_enquiry_id"])
    assert answer(post(one, token)) == {"results": [{"number": "101000000041", "result": "new"}]}
    lost = service_request(43, {"case_status": "Lost", "closed_dt": ""})
    mixed = [service_request(1), service_request(2, {"case_title": "Changed"}), lost, one, one, {}]
    results = answer(post(mixed, token))["results"]
    assert [row["result"] for row in results] == [
        "unchanged",
        "changed",
        "rejected",
        "unchanged",
        "rejected",
        "rejected",
    ]
    assert [row.get("reason", "").partition(":")[0] for row in results] == [
        *("", "", "an unknown value", "", "a duplicate number", "no number"),
    ]
    assert len(appeal_rows(url)) == len(came_in) + 1
    assert recorded_runs(url)[0] == (40, 40, 0, 0, "")
    # No row and no token stays.
    contents = "\n".join(line for name in ("pushed_batch", "data_source") for line in table_contents(url)[name])
    assert "Roslindale" not in contents
    assert token not in contents


def test_nobody_pushes_without_the_token(url: str, tmp_path: Path, token: str) -> None:
    for given, name in (("", "city"), ("wrong", "city"), (token, "other"), (token[:-1], "city")):
        response = post([service_request(1)], given, name)
        assert (response.status, answer(response)) == (401, {"error": "The token is missing or wrong."})
    assert query_rows(url, "SELECT count(*) FROM pushed_batch") == [(0,)]
    run_source(url, tmp_path, "pause", "city")
    assert post([service_request(1)], token).status == 503
    run_source(url, tmp_path, "remove", "city")
    assert post([service_request(1)], token).status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 400), (b"3", 400), (b'[{"a": 1}, 2]', 400), (b'{"a": NaN}', 400),
        (b'{"a": "\\u0000"}', 400), (b'{"a": "\\ud800"}', 400), (b"[" * 100_000, 400), (b"\xff", 400),
        (json.dumps([{}] * 1001).encode(), 413), (b" " * (8 << 20) + b"{}", 413),
    ],
)  # fmt: skip
def test_what_is_no_row_is_refused(url: str, token: str, body: bytes, status: int) -> None:
    response = post(body, token)
    assert response.status == status, response.body
    assert answer(response)["error"].endswith(".")
    assert query_rows(url, "SELECT count(*) FROM pushed_batch") == [(0,)]


def test_results_are_there_later_where_nobody_merges_at_once(
    url: str, tmp_path: Path, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push_endpoint, "WAIT_SECONDS", 0.01)
    response = post([service_request(1)], token)
    assert (response.status, answer(response)) == (202, {"results_at": "/intake/city/1"})
    assert request("/intake/city/1", token).status == 202
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("1 row read; 1 new")
    assert answer(request("/intake/city/1", token))["results"][0]["result"] == "new"
    assert request("/intake/city/2", token).status == 404
    assert request("/intake/city/1").status == 401
    assert query_rows(url, "SELECT rows FROM pushed_batch") == [(None,)]
