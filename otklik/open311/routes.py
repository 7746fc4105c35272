"""The routes of the public API: discovery, services and requests, each as `.json` and `.xml`, to read only."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial, wraps
from time import time

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from otklik.errors import DatabaseUnavailable, QueryTimeout
from otklik.http_request import client_network, language_of
from otklik.i18n import _, set_language
from otklik.open311 import endpoints
from otklik.open311.documents import CONTENT_TYPES
from otklik.open311.parameters import BadParameter
from otklik.open311.rate_limit import RateLimit
from otklik.open311.responses import NOT_FOUND, PREFLIGHT_HEADERS, Refusal, error_response
from otklik.settings import OPEN311_PATH, read_settings

BAD_REQUEST, NOT_ALLOWED, TOO_MANY, UNAVAILABLE = 400, 405, 429, 503
RETRY_HEADERS = {"Retry-After": "60"}
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
threads = ThreadPoolExecutor(4, "open311")
"""So many questions at a time are answered, whoever asks: the screens have most of the processor and the database."""
Endpoint = Callable[[Request], Response]
Handler = Callable[[Request], Awaitable[Response]]


def open311_routes() -> list[Route]:
    """The routes; without the setting `open311_url` there is nothing at any of them."""
    if not read_settings().open311_url:
        return [Route(f"{OPEN311_PATH}/{{rest:path}}", _absent, methods=METHODS)]
    limit = RateLimit()
    endpoints_by_path = {
        "discovery.{format}": endpoints.discovery,
        "services.{format}": endpoints.services,
        "services/{service_code}.{format}": endpoints.service_definition,
        "requests.{format}": endpoints.requests,
        "requests/{service_request_id}.{format}": endpoints.request,
        "{rest:path}": endpoints.nothing,
    }
    return [
        Route(f"{OPEN311_PATH}/{path}", _handler(endpoint, limit), methods=METHODS)
        for path, endpoint in endpoints_by_path.items()
    ]


async def _absent(_request: Request) -> Response:
    """Answer before Streamlit does, which has a page at every address."""
    return PlainTextResponse("Not Found", NOT_FOUND)


def _handler(endpoint: Endpoint, limit: RateLimit) -> Handler:
    """Answer within the limits, in the client's language; say in words what can't be."""

    @wraps(endpoint)
    async def handle(request: Request) -> Response:
        set_language(language_of(request))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT_HEADERS)
        try:
            _check_limit(request, limit)
            _check_address(request)
            in_context = partial(copy_context().run, endpoint, request)
            return await asyncio.get_running_loop().run_in_executor(threads, in_context)
        except Refusal as refusal:
            error = refusal
        except BadParameter as problem:
            error = Refusal(BAD_REQUEST, str(problem))
        except QueryTimeout:
            error = Refusal(UNAVAILABLE, _("This takes too long: ask for fewer days, or services."), RETRY_HEADERS)
        except DatabaseUnavailable:
            sentence = _("The appeals can't be reached right now. Try again in a minute.")
            error = Refusal(UNAVAILABLE, sentence, RETRY_HEADERS)
        return error_response(request, error)

    return handle


def _check_limit(request: Request, limit: RateLimit) -> None:
    if retry_seconds := limit.retry_seconds(client_network(request), time()):
        raise Refusal(TOO_MANY, _("Too many requests: try again later."), {"Retry-After": str(retry_seconds)})


def _check_address(request: Request) -> None:
    if request.method not in ("GET", "HEAD"):
        sentence = _("Requests can be read here, and not made.")
        raise Refusal(NOT_ALLOWED, sentence, {"Allow": "GET, HEAD, OPTIONS"})
    if request.path_params.get("format", "json") not in CONTENT_TYPES:
        raise Refusal(NOT_FOUND, _("There are the formats .json and .xml."))
