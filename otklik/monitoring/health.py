"""Whether this process can answer, for whoever watches it; the answer says nothing about the data."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from queries.cache.live import is_database_away

HEALTH_PATH = "/healthz"
SERVICE_UNAVAILABLE = 503


async def health(_request: Request) -> PlainTextResponse:
    """Status 200 while figures are current, 503 while the database is away and the last ones are shown."""
    if is_database_away():
        return PlainTextResponse("The database is away: the last figures are shown.\n", SERVICE_UNAVAILABLE)
    return PlainTextResponse("ok\n")


health_route = Route(HEALTH_PATH, health, methods=["GET", "HEAD"])
