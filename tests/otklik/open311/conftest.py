"""The public API switched on, with the topic `roads` published, and a client of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import Connection
from starlette.applications import Starlette

from otklik.database.access import public_appeals
from otklik.database.functions.open311_topics import publish_topics
from otklik.open311.routes import open311_routes
from otklik.settings import OPEN311_PATH
from tests.support import factories
from tests.support.servers.asgi import Response, run_in_event_loop, send_request

TOPIC = "roads.surface.pothole"


@dataclass
class Client:
    """Asks the API, from one address."""

    app: Starlette
    address: str = "192.0.2.1"

    def get(self, path: str, **params: str) -> Response:
        """The response to a question; `path` after that of the API, with a query or with `params`."""
        return self.send(f"{path}?{urlencode(params)}" if params else path)

    def send(self, path: str, method: str = "GET", headers: dict[bytes, bytes] | None = None) -> Response:
        """The response to any request; `path` with its query."""
        path, _mark, query = path.partition("?")
        full_path = f"{OPEN311_PATH}/{path}"
        return run_in_event_loop(lambda: send_request(self.app, full_path, query, headers, method, client=self.address))

    def json(self, path: str, **params: str) -> Any:  # noqa: ANN401 -- JSON
        response = self.get(path, **params)
        assert response.status == 200, response.body
        return json.loads(response.body)

    def xml(self, path: str, **params: str) -> ET.Element:
        response = self.get(path, **params)
        assert response.headers["content-type"] == "text/xml; charset=utf-8"
        return ET.fromstring(response.body)  # noqa: S314 -- our own

    def pages(self, **params: str) -> Iterator[list[dict[str, Any]]]:
        """The pages of an answer, as a client reads them by the header Link."""
        path: str | None = f"requests.json?{urlencode(params)}"
        while path:
            response = self.get(path)
            assert response.status == 200, response.body
            yield json.loads(response.body)
            path = next_path(response)


def next_path(response: Response) -> str | None:
    """The address of the next page, if there is one."""
    link = response.headers.get("link", "")
    return link[1 : link.index(">")] if link else None


@pytest.fixture
def app(url: str, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starlette]:
    """The API, without a limit that a test would reach."""
    assert url
    monkeypatch.setenv("OTKLIK_OPEN311_URL", f"https://311.city.example{OPEN311_PATH}")
    monkeypatch.setattr("otklik.open311.rate_limit.CLIENT_REQUESTS", 10_000)
    monkeypatch.setattr("otklik.open311.rate_limit.ALL_REQUESTS", 10_000)
    factories.topic(connection, TOPIC)
    publish_topics(connection, ["roads"], points=True, texts=True)
    yield Starlette(routes=open311_routes())
    # The database goes away after the last test that uses it.
    public_appeals.close_open311_engine()


@pytest.fixture
def client(app: Starlette) -> Client:
    return Client(app)
