"""Odd headers, cookies and paths through the whole HTTP application, Streamlit's part included."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from streamlit.runtime import Runtime  # noqa: TID251 -- AppTest needs that there is none

import server
from tests.support.servers.asgi import Response, run_in_event_loop, send_request

ODD_VALUES = (
    "", " ", "=", ";", ";;;=", "a/b=1", "a b=c d", "a=b=c", "=1; =2", ",", "\t", "\x01", "\x7f", "\x80\xff", "[", "]",
    "http://[", "http://[::1", "http://]", "http://127.0.0.1:8501[/", "http://127.0.0.1:99999/", "http://127.0.0.1:x/",
    "//", "/\\evil.example", "/\t/evil.example", "data:,", "a" * 9000, "a=" * 3000, "%", "%00", "%zz", "%0d%0aX: 1",
    'a="\\000"', 'otklik_back="\\015\\012X: 1"', 'otklik_back="/\\011/evil.example"', "otklik_back=/\\evil.example",
    'otklik_device="\\000"', 'otklik_device="\\377"', "_streamlit_user=x", '_streamlit_user="\\377"',
    "_streamlit_xsrf=|",
    "bytes=-", "bytes=9-1,x", 'W/"', "1e999", "-1", "*/*;q=x", "gzip;q=", "ru-\xd1\x84;q=9",
    "Sun, 99 Nov 9999 99:99:99",
    "null", "127.0.0.1, [::", "2|a|b|c",
)  # fmt: skip
HEADERS = (
    "cookie", "referer", "origin", "host", "accept", "accept-encoding", "accept-language", "range", "if-none-match",
    "if-modified-since", "x-forwarded-for", "x-forwarded-proto", "content-type", "authorization", "user-agent",
)  # fmt: skip
PATHS = ("/", "/queue", "/_stcore/health", "/_stcore/host-config", "/auth/login", "/auth/logout", "/oauth2callback")
CLOSED_PATHS = (
    "/_stcore/metrics", "//_stcore/metrics", "/_stcore/metrics/", "/%5fstcore/metrics", "/queue/_stcore/metrics",
    "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/upload_file/a/b", "/_stcore/script-health-check",
)  # fmt: skip
QUERIES = ("device=%00", "device=%ff", "%", "&&=", "device", "device=" + "a" * 9000, "device[]=1", "number=%00")


@dataclass(frozen=True)
class Request:
    """A request with one header besides the host's."""

    path: str
    query: str = ""
    header: tuple[str, str] = ("accept", "*/*")
    method: str = "GET"


ODD_HEADERS = [Request(path, "", (name, value)) for path in PATHS for name in HEADERS for value in ODD_VALUES]
ODD_QUERIES = [Request("/queue", query) for query in QUERIES]
CLOSED = [Request(path, method=method) for path in CLOSED_PATHS for method in ("GET", "OPTIONS", "POST", "PUT")]
OPEN = [Request(f"/_stcore/{name}") for name in ("health", "host-config")]


@pytest.fixture(scope="module")
def responses() -> Iterator[dict[Request, Any]]:
    """What the running application answers; Streamlit's part starts only once in a process."""

    async def respond(request: Request) -> Response | Exception:
        name, value = request.header
        headers = {name.encode(): value.encode("latin-1")}
        try:
            return await send_request(server.app, request.path, request.query, headers, request.method)
        except Exception as error:  # noqa: BLE001 -- a server would answer 500
            return error

    async def respond_to_all() -> dict[Request, Any]:
        async with server.app.lifespan()(server.app):
            return {request: await respond(request) for request in [*ODD_HEADERS, *ODD_QUERIES, *CLOSED, *OPEN]}

    yield run_in_event_loop(respond_to_all)
    Runtime._instance = None  # noqa: SLF001 -- AppTest brings its own


def test_no_header_makes_the_server_fail(responses: dict[Request, Response]) -> None:
    assert {request: responses[request] for request in ODD_HEADERS if responses[request].status >= 500} == {}


def test_no_query_string_makes_the_server_fail(responses: dict[Request, Response]) -> None:
    assert {responses[request].status for request in ODD_QUERIES} == {200, 303}


@pytest.mark.parametrize("request_", CLOSED, ids=str)
def test_what_browsers_dont_need_of_streamlit_is_closed(responses: dict[Request, Response], request_: Request) -> None:
    assert (responses[request_].status, responses[request_].body) == (404, b"Not Found")


def test_what_browsers_need_of_streamlit_is_open(responses: dict[Request, Response]) -> None:
    assert [responses[request].status for request in OPEN] == [200, 200]
