"""Responses of the API: their headers, errors as the standard has them, and what a browser or cache has already."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from otklik.i18n import current_language
from otklik.open311.documents import CONTENT_TYPES, Value, rendered

CACHE_SECONDS = 60
NOT_FOUND = 404
CORS_HEADERS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link, Retry-After"}
PREFLIGHT_HEADERS = {
    **CORS_HEADERS,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
COMMON_HEADERS = {
    **CORS_HEADERS,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
}


class Refusal(Exception):
    """A request that isn't answered: `status`, a sentence for people as the message, and `headers`."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        """The error that the client gets."""
        super().__init__(sentence)
        self.status = status
        self.headers = headers or {}


def document_response(
    request: Request, root: str, content: Value, changed_at: datetime | None = None, link: str = ""
) -> Response:
    """An answer in the format of the path, or that the client has it already; `link`: the address of the next page."""
    file_format = _format(request)
    body = rendered(root, content, file_format)
    headers = {
        **COMMON_HEADERS,
        "Cache-Control": f"public, max-age={CACHE_SECONDS}",
        "Content-Language": current_language(),
        "ETag": f'W/"{sha256(body).hexdigest()[:32]}"',
    }
    if changed_at:
        headers["Last-Modified"] = format_datetime(changed_at, usegmt=True)
    if link:
        headers["Link"] = f'<{link}>; rel="next"'
    known_tags = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in known_tags:
        return Response(status_code=304, headers=headers)
    return Response(body, headers={**headers, "Content-Type": CONTENT_TYPES[file_format]})


def error_response(request: Request, refusal: Refusal) -> Response:
    """A refusal as the standard has it: the error's code is the status."""
    file_format = _format(request)
    errors = [{"code": refusal.status, "description": str(refusal)}]
    return Response(
        rendered("errors", errors, file_format),
        refusal.status,
        {
            **COMMON_HEADERS,
            "Cache-Control": "no-store",
            "Content-Language": current_language(),
            "Content-Type": CONTENT_TYPES[file_format],
            **refusal.headers,
        },
    )


def _format(request: Request) -> str:
    """The format of the path's ending; XML, which the standard requires, where there is none."""
    ending = request.url.path.rpartition(".")[2]
    return ending if ending in CONTENT_TYPES else "xml"
