"""An appeal with a receipt, and a browser without JavaScript at the page of applicants."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import Connection, text
from starlette.applications import Starlette

from otklik.citizen import routes
from otklik.citizen.visit_request import VISIT_COOKIE, form_token
from otklik.database.access import visits
from otklik.database.access.receipts import issue_receipt
from otklik.pages import CITIZEN_PATH
from tests.support import factories
from tests.support.servers.asgi import Response, run_in_event_loop, send_request

NUMBER = "T-2026-17"
FORM_TYPE = b"application/x-www-form-urlencoded"


@dataclass
class Browser:
    """Sends requests from one address; keeps the cookie of the page, as a browser does."""

    app: Starlette
    client: str = "192.0.2.1"
    token: str = ""
    headers: dict[bytes, bytes] = field(default_factory=dict)

    def get(self, query: str = "") -> Response:
        return self._send("", "GET", b"", query)

    def post(self, action: str = "", fields: dict[str, object] | None = None, *, forged: bool = False) -> Response:
        """Send a form; of a visit's page with the token that its forms have, unless it is forged elsewhere."""
        own = {} if forged or not action else {"form_token": form_token(self.token)}
        return self._send(action, "POST", urlencode({**own, **(fields or {})}).encode(), "")

    def open(self, secret: str, number: str = NUMBER) -> Response:
        return self.post(fields={"number": number, "secret": secret})

    def _send(self, action: str, method: str, body: bytes, query: str) -> Response:
        path = f"{CITIZEN_PATH}/{action}" if action else CITIZEN_PATH
        headers = {b"content-type": FORM_TYPE, **self.headers}
        if self.token:
            headers[b"cookie"] = f"{VISIT_COOKIE}={self.token}".encode()
        response = run_in_event_loop(
            lambda: send_request(self.app, path, query, headers, method, body=body, client=self.client)
        )
        if VISIT_COOKIE in response.cookies:
            self.token = response.cookies[VISIT_COOKIE].value
        return response


@pytest.fixture
def app(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starlette]:
    """The page, switched on."""
    assert url
    monkeypatch.setenv("OTKLIK_CITIZEN_PAGE", "yes")
    yield Starlette(routes=routes.citizen_routes())
    # The database goes away after the last test that uses it.
    visits.close_citizen_engine()


@pytest.fixture
def browser(app: Starlette) -> Browser:
    return Browser(app)


@pytest.fixture
def answered(connection: Connection) -> factories.AppealKey:
    """An appeal that was answered two days ago as resolved."""
    now = datetime.now(UTC)
    return factories.appeal(
        connection,
        number=NUMBER,
        body="The bridge is closed.",
        received_at=now - timedelta(days=9),
        deadline_at=now - timedelta(days=1),
        closed_at=now - timedelta(days=2),
    )


@pytest.fixture
def secret(connection: Connection, answered: factories.AppealKey) -> str:
    return issue_receipt(connection, *answered)


def rows(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text(query))]
