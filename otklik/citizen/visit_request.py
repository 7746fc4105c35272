"""What a request to the page brings along: its form and its visit."""

import hmac
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

VISIT_COOKIE = "otklik_visit"
TOKEN_PATTERN = re.compile(r"[\w-]{43}", re.ASCII)
MAX_FORM_BYTES = 20_000
"""A comment of 1,000 letters, each of which a browser may send as twelve bytes, and the rest of a form."""
MAX_FIELD_LENGTH = 1000
MAX_FIELDS = 10
_control_characters = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class BadForm(Exception):
    """The body is no form of this page, or too large."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, trimmed and without control characters, at most 1,000 letters each. Raises BadForm."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise BadForm
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise BadForm
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise BadForm from error
    return {
        name: _control_characters.sub("", value.replace("\r\n", "\n")).strip()[:MAX_FIELD_LENGTH]
        for name, value in fields
    }


def visit_token(request: Request) -> str:
    """The token of the visit in the cookie; empty without one."""
    token = request.cookies.get(VISIT_COOKIE, "")
    return token if TOKEN_PATTERN.fullmatch(token) else ""


def form_token(token: str) -> str:
    """What the forms of a visit carry: another site doesn't know it, and the cookie doesn't follow from it."""
    return urlsafe_b64encode(sha256(f"form\n{token}".encode()).digest()).decode()


def is_own_form(request: Request, token: str, fields: dict[str, str]) -> bool:
    """Whether a form of this visit's own page was sent, and not one that another site had made."""
    return is_same_site(request) and hmac.compare_digest(
        fields.get("form_token", "").encode(), form_token(token).encode()
    )


def is_same_site(request: Request) -> bool:
    """Whether a form was sent from this site, as far as the browser says.

    Where pages have no referrer, the header Origin of their forms is `null`.
    """
    if fetch_site := request.headers.get("sec-fetch-site"):
        return fetch_site == "same-origin"
    origin = request.headers.get("origin", "null")
    try:
        return origin == "null" or urlsplit(origin).netloc == request.headers.get("host", "")
    except ValueError:
        return False
