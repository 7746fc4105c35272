"""The HTTP application around Streamlit's: hosts, headers, cookies, live channel, health, pages of plain HTML.

`otklik run` serves it. A plain `streamlit run app.py` has no wall screens.
"""

import logging
import re
import secrets
from collections.abc import Collection
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from components.auth.sign_in import DEVICE_COOKIE, DEVICE_COOKIE_SECONDS
from components.layout.unknown_page import is_unknown_page, unknown_page
from components.streamlit_compat.frontend_files import frontend_files
from otklik.citizen.routes import citizen_routes
from otklik.data_sources.push_endpoint import intake_routes
from otklik.i18n import _
from otklik.live.channel import live_channel_route
from otklik.monitoring.endpoint import serve_measurements
from otklik.monitoring.health import health_route
from otklik.open311.routes import open311_routes
from otklik.settings import read_settings
from otklik.wall.routes import wall_routes
from otklik.wall.screen import screen_routes

log = logging.getLogger("otklik.page")
CITIZEN_ROUTES = citizen_routes()
CITIZEN_PATHS = frozenset(route.path.strip("/") for route in CITIZEN_ROUTES)
SECURITY_HEADERS = {
    # The browser lets no request leave the centre's network, and no other site show Otklik in a frame.
    "Content-Security-Policy": "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval';"
    " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
RETURN_COOKIE = "otklik_back"
"""The cookie with the page that somebody opened before signing in: Streamlit itself returns to the first page."""
RETURN_COOKIE_SECONDS = 600
SECRET_PATTERN = re.compile(r"[\w-]{20,100}", re.ASCII)
RETURN_PATTERN = re.compile(r"/(?![/\\])[\x21-\x7e]{0,2000}")
"""A page of this server to return to. Browsers drop control characters: `/`, a tab and `/evil` would be `//evil`."""
POLICY_VIOLATION_CODE = 1008
CORE_PATH = "/_stcore/"
OPEN_CORE_PATHS = ("health", "host-config", "stream", "bidi-components/")
"""What browsers need below `CORE_PATH`. Metrics, uploads and the API for agents are closed to everybody."""


class GatewayMiddleware:
    """Refuses requests to foreign host names, and sets the headers and cookies of each response."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] = (), tls: bool = False) -> None:
        """Wrap an application that is reached by these host names (any, if none are given), over TLS or not."""
        self.app = app
        self.hosts = hosts
        self.tls = tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; of websockets only the host is checked, whoever answers looks at their origin."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["type"] == "websocket":
            is_allowed = self._is_allowed_host(headers.get("host", ""))
            await (self.app if is_allowed else WebSocketClose(POLICY_VIOLATION_CODE))(scope, receive, send)
            return
        query_params = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _set_headers(scope["path"], headers, MutableHeaders(raw=message["headers"]), tls=self.tls)
            await send(message)

        app = self.app
        if not self._is_allowed_host(headers.get("host", "")) and not scope["path"].endswith("/_stcore/health"):
            app = PlainTextResponse("Unknown host", status_code=400)
        elif not _is_open_path(scope["path"]):
            app = PlainTextResponse("Not Found", status_code=404)
        elif is_unknown_page(scope["path"], CITIZEN_PATHS) and scope["method"] in ("GET", "HEAD"):
            app = HTMLResponse(unknown_page(query_params, headers.get("accept-language", "")), status_code=404)
        elif "device" in query_params and scope["method"] == "GET":
            app = _enrolment_redirect(scope["path"], query_params)
        await app(scope, receive, send_with_headers)

    def _is_allowed_host(self, host: str) -> bool:
        """Whether a Host header names an allowed host: a foreign site may have pointed its own name at this machine."""
        try:
            return not self.hosts or urlsplit(f"//{host}").hostname in self.hosts
        except ValueError:
            return False


def _is_open_path(path: str) -> bool:
    """Whether a path is one of the screens or of those that their frontend needs."""
    _base, separator, core_path = path.partition(CORE_PATH)
    return not separator or core_path.startswith(OPEN_CORE_PATHS)


def _enrolment_redirect(path: str, query_params: dict[str, str]) -> RedirectResponse:
    """Move the secret of a wall screen's link from the address into a cookie; an empty secret removes the cookie."""
    secret = query_params.pop("device")
    query = urlencode(query_params)
    response = RedirectResponse("/" + path.lstrip("/\\") + (f"?{query}" if query else ""), status_code=303)
    if SECRET_PATTERN.fullmatch(secret):
        response.set_cookie(DEVICE_COOKIE, secret, max_age=DEVICE_COOKIE_SECONDS, httponly=True, samesite="strict")
    else:
        response.delete_cookie(DEVICE_COOKIE, httponly=True, samesite="strict")
    return response


def _set_headers(path: str, request_headers: Headers, response_headers: MutableHeaders, *, tls: bool) -> None:
    """Set the security headers, the page to return to after signing in, and over TLS make cookies Secure."""
    for name, value in SECURITY_HEADERS.items():
        response_headers.setdefault(name, value)  # the page of applicants is stricter
    if path.endswith("/auth/login"):
        if return_url := _referring_page(request_headers):
            response_headers.append("set-cookie", _cookie_header(RETURN_COOKIE, return_url, RETURN_COOKIE_SECONDS))
    elif path.endswith("/oauth2callback") and response_headers.get("location") == "/":
        return_url = cookie_parser(request_headers.get("cookie", "")).get(RETURN_COOKIE, "")
        if RETURN_PATTERN.fullmatch(return_url):
            response_headers["location"] = return_url
            response_headers.append("set-cookie", _cookie_header(RETURN_COOKIE, "", 0))
    if tls:
        response_headers.raw[:] = [
            (name, value + b"; Secure" if name == b"set-cookie" and b"; secure" not in value.lower() else value)
            for name, value in response_headers.raw
        ]


def _referring_page(request_headers: Headers) -> str:
    """Path and query of the page of this server that the Referer header names; empty without one."""
    try:
        referer = urlsplit(request_headers.get("referer", ""))
    except ValueError:  # such as `http://[`
        return ""
    return_url = referer.path + (f"?{referer.query}" if referer.query else "")
    is_own_page = referer.netloc == request_headers.get("host") and RETURN_PATTERN.fullmatch(return_url)
    return return_url if is_own_page else ""


def _cookie_header(name: str, value: str, seconds: int) -> str:
    cookie = SimpleCookie({name: value})
    cookie[name].update({"max-age": str(seconds), "path": "/", "httponly": "yes", "samesite": "Lax"})
    return cookie[name].OutputString()


def _has_tls() -> bool:
    """Whether people reach the screens over TLS, as the redirect_uri of the sign-in says."""
    auth = st.secrets["auth"] if st.secrets.load_if_toml_exists() and "auth" in st.secrets else {}
    return str(auth.get("redirect_uri", "")).startswith("https://")


def show_script_error(error: Exception) -> bool:
    """Show only the id of an error that no panel caught; the log has the same id with the traceback."""
    error_id = secrets.token_hex(3)
    log.error("Page failed, id %s", error_id, exc_info=error)
    message = _("Something went wrong here. Reload the page; if it happens again, report this number:")
    st.error(f"{message} `{error_id}`")
    return True


if metrics_address := read_settings().metrics_address:
    serve_measurements(*metrics_address)

app = st.App(
    "app.py",
    routes=[
        health_route,
        live_channel_route,
        *wall_routes,
        *screen_routes,
        *intake_routes,
        *CITIZEN_ROUTES,
        *open311_routes(),
    ],
    middleware=[
        Middleware(GatewayMiddleware, hosts=st.get_option("server.allowedHosts"), tls=_has_tls()),
        frontend_files,
    ],
    on_script_error=show_script_error,
)
