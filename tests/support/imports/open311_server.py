"""An Open311 server (GeoReport v2) of our own, which behaves as the published API does, with its faults."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MAX_SPAN = timedelta(days=90)


@dataclass
class Open311Server:
    """What the server answers from, and how it fails. `requests` may be changed while it runs."""

    requests: list[dict[str, Any]]
    services: list[dict[str, str]]
    url: str = ""
    page_limit: int = 100
    """Requests of a page, however many are asked for."""
    has_pages: bool = True
    """Without pages each answer is the first one."""
    failures: list[int] = field(default_factory=list)
    """Statuses of the next answers, in place of the right ones."""
    retry_after: str = "0"
    inserted: list[dict[str, Any]] = field(default_factory=list)
    """Requests that are published after each first page, so that pages shift."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """The parameters of each question for requests."""

    def answer(self, path: str, params: dict[str, str]) -> tuple[int, object]:
        """Status and content of an answer."""
        if self.failures:
            return self.failures.pop(0), [{"code": 0, "description": "later"}]
        if path.endswith("/services.json"):
            return 200, self.services
        if not path.endswith("/requests.json"):
            return 404, [{"code": 404, "description": "not found"}]
        self.asked.append(params)
        is_by_change = "updated_after" in params
        name = "updated_datetime" if is_by_change else "requested_datetime"
        start = datetime.fromisoformat(params["updated_after" if is_by_change else "start_date"])
        end = datetime.fromisoformat(params["updated_before" if is_by_change else "end_date"])
        if end - start > MAX_SPAN:
            return 400, [{"code": 400, "description": "a span of more than 90 days"}]
        rows = sorted(
            (row for row in self.requests if start <= datetime.fromisoformat(row[name]) < end),
            key=lambda row: str(row["requested_datetime"]),
            reverse=True,
        )
        page = int(params.get("page", "1")) if self.has_pages else 1
        size = min(int(params["page_size"]), self.page_limit)
        if page == 1 and self.inserted:
            self.requests.append(self.inserted.pop())
        return 200, rows[(page - 1) * size : page * size]


@contextmanager
def running_open311_server(requests: list[dict[str, Any]], services: list[dict[str, str]]) -> Iterator[Open311Server]:
    """A server on this machine, at `url`; it ends with the block."""
    server = Open311Server(requests, services)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            params = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, content = server.answer(parts.path, params)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if status == 429:
                self.send_header("Retry-After", server.retry_after)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        server.url = f"http://127.0.0.1:{http_server.server_address[1]}/open311/v2"
        thread = threading.Thread(target=http_server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            http_server.shutdown()
            thread.join()
