"""`POST /intake/NAME`: rows pushed over HTTP to a data source, by whoever has its token."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from otklik.database.functions import pushed_rows
from otklik.database.functions.pushed_rows import push_results, push_rows
from otklik.errors import DatabaseUnavailable, QueryTimeout

MAX_ROWS = 1000
MAX_BODY_BYTES = 8 << 20
WAIT_SECONDS = 20.0
"""How long a request waits for its rows to be merged; then it is told where to ask."""
POLL_SECONDS = 0.1
MAX_NUMBER = 2**63 - 1


class _Refusal(Exception):
    """A request that isn't carried out: a status, and a sentence for whoever sent it."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.response = JSONResponse({"error": sentence}, status, headers)


async def push(request: Request) -> JSONResponse:
    """Leave the rows of a request, one object or a list, and answer with what became of each once they are merged.

    200 with the results; 202 with the address at which to ask for them later; 400 for what is no such JSON, 401 without
    the right token, 404 where nothing can be pushed, 413 for too much, 503 while it is paused or the database is away.
    """
    name = str(request.path_params["name"])
    try:
        token = _bearer_token(request)
        rows = _parsed_rows(await _content(request))
        number = _checked_number(await run_in_threadpool(push_rows, name, token, rows))
        stops_at = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < stops_at:
            _is_there, row_results = await run_in_threadpool(push_results, name, token, number)
            if row_results is not None:
                return JSONResponse({"results": row_results})
            await asyncio.sleep(POLL_SECONDS)
    except _Refusal as refusal:
        return refusal.response
    except (DatabaseUnavailable, QueryTimeout):
        return _away()
    return JSONResponse({"results_at": f"/intake/{name}/{number}"}, 202)


async def results(request: Request) -> JSONResponse:
    """What became of the rows of an earlier request: 200 with the results, 202 while they wait, 404 for none."""
    name, number = str(request.path_params["name"]), int(request.path_params["number"])
    try:
        token = _bearer_token(request)
        is_there, rows = await run_in_threadpool(push_results, name, token, min(number, MAX_NUMBER))
    except _Refusal as refusal:
        return refusal.response
    except (DatabaseUnavailable, QueryTimeout):
        return _away()
    if not is_there:
        return _Refusal(404, "There is no such request, or the token is wrong.").response
    return JSONResponse({"results_at": request.url.path}, 202) if rows is None else JSONResponse({"results": rows})


def _bearer_token(request: Request) -> str:
    scheme, _blank, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _unauthorized()
    return token.strip()


async def _content(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BODY_BYTES:
            raise _Refusal(413, f"A request has at most {MAX_BODY_BYTES >> 20} MB.")
    return bytes(content)


def _parsed_rows(content: bytes) -> list[dict[str, Any]]:
    """The objects of a request's body."""
    try:
        parsed = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        parsed = None
    rows = [parsed] if isinstance(parsed, dict) else parsed
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _Refusal(400, "The body should be JSON: an object with the mapping's columns, or a list of them.")
    if len(rows) > MAX_ROWS:
        raise _Refusal(413, f"A request has at most {MAX_ROWS:,} rows.")
    if _has_bad_text(rows):
        # PostgreSQL keeps neither in JSON.
        raise _Refusal(400, "A text has a NUL character or half of a surrogate pair.")
    return rows


def _checked_number(number: int | None) -> int:
    """The number of the request that was left, unless it was refused."""
    match number:
        case None:
            raise _unauthorized()
        case pushed_rows.NOTHING_PUSHED:
            raise _Refusal(404, "Nothing can be pushed here.")
        case pushed_rows.PAUSED:
            raise _Refusal(503, "The data source is paused.")
    return number


def _has_bad_text(parsed: object) -> bool:
    text = json.dumps(parsed, ensure_ascii=False)
    return "\\u0000" in text or any("\ud800" <= character <= "\udfff" for character in text)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _unauthorized() -> _Refusal:
    return _Refusal(401, "The token is missing or wrong.", {"WWW-Authenticate": 'Bearer realm="intake"'})


def _away() -> JSONResponse:
    return _Refusal(503, "The database is away: try again.", {"Retry-After": "10"}).response


intake_routes = (
    Route("/intake/{name}", push, methods=["POST"]),
    Route("/intake/{name}/{number:int}", results, methods=["GET"]),
)
