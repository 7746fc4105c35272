"""What stands around the frame in HTTP."""

import asyncio
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.responses import RedirectResponse
from starlette.types import Message, Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from server import SECURITY_HEADERS, GatewayMiddleware

SECRET = "s" * 43
HOSTS = ("127.0.0.1", "otklik.example.org")


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers as Streamlit does after signing in: with a cookie, and on to the first page."""
    response = RedirectResponse("/", status_code=302)
    response.set_cookie("_streamlit_user", "signed", httponly=True, samesite="lax")
    await response(scope, receive, send)


class Answer:
    """Status, headers and cookies of an answer."""

    def __init__(self, messages: list[Message]) -> None:
        start = messages[0]
        self.status: int = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        self.cookies: SimpleCookie = SimpleCookie()
        for name, value in start["headers"]:
            if name == b"set-cookie":
                self.cookies.load(value.decode())


def asked(path: str, query: str = "", headers: Mapping[str, str] | None = None, *, tls: bool = False) -> Answer:
    """The answer to a GET."""
    told = {"host": "127.0.0.1:8501", **(headers or {})}
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in told.items()]
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        messages.append(message)

    async def ask() -> None:
        await GatewayMiddleware(streamlit, hosts=HOSTS, tls=tls)(scope, receive, send)

    # A thread has no loop of its own yet: a browser's tests leave one running in this.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, ask()).result()
    return Answer(messages)


def test_a_wall_screens_link_leaves_its_secret_in_a_cookie_alone() -> None:
    answer = asked("/regions", f"territory=RU-KHM&device={SECRET}&lang=ru")
    assert (answer.status, answer.headers["location"]) == (303, "/regions?territory=RU-KHM&lang=ru")
    cookie = answer.cookies["otklik_device"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == (SECRET, True, "strict", "/")
    assert not cookie["secure"]
    assert asked("/", f"device={SECRET}", tls=True).cookies["otklik_device"]["secure"]


@pytest.mark.parametrize("secret", ["", "short", "a;b" * 20, "%0d%0aSet-Cookie:x", "<" * 43])
def test_what_is_no_secret_makes_the_browser_forget(secret: str) -> None:
    answer = asked("/", f"device={secret}")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert (answer.cookies["otklik_device"].value, answer.cookies["otklik_device"]["max-age"]) == ("", "0")
    assert list(answer.cookies) == ["otklik_device"]


@pytest.mark.parametrize("path", ["//evil.example.org/", "/\\evil.example.org/", "///evil.example.org"])
def test_a_link_leads_to_no_other_server(path: str) -> None:
    assert re.match(r"/[^/\\]", asked(path, f"device={SECRET}").headers["location"])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 302),
        ("otklik.example.org", 302),
        ("OTKLIK.example.org:443", 302),
        ("evil.example.org", 400),
        ("otklik.example.org.evil.example.org", 400),
        ("", 400),
        ("[", 400),
    ],
)
def test_it_answers_to_its_own_names(host: str, status: int) -> None:
    assert asked("/", headers={"host": host}).status == status
    assert asked("/_stcore/health", headers={"host": host}).status == 302


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example.org"])
def test_each_answer_has_the_headers(host: str) -> None:
    answer = asked("/", headers={"host": host})
    assert {name: answer.headers[name.lower()] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_cookies_are_for_tls_alone_where_there_is_tls() -> None:
    assert not asked("/").cookies["_streamlit_user"]["secure"]
    cookie = asked("/", tls=True).cookies["_streamlit_user"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "lax")


def test_signing_in_leads_back_to_where_one_was() -> None:
    way = asked("/auth/login", headers={"referer": "http://127.0.0.1:8501/queue?territory=RU-KHM&lang=ru"})
    kept = way.cookies["otklik_back"]
    assert kept["httponly"]
    back = asked("/oauth2callback", headers={"cookie": f"otklik_back={kept.coded_value}"})
    assert back.headers["location"] == "/queue?territory=RU-KHM&lang=ru"
    assert back.cookies["otklik_back"]["max-age"] == "0"
    assert asked("/oauth2callback").headers["location"] == "/"


@pytest.mark.parametrize("referer", ["https://evil.example.org/queue", "http://127.0.0.1:9999/queue", ""])
def test_another_site_says_nothing_of_the_way_back(referer: str) -> None:
    assert "otklik_back" not in asked("/auth/login", headers={"referer": referer}).cookies


@pytest.mark.parametrize("told", ["//evil.example.org", "https://evil.example.org", "\\\\evil.example.org"])
def test_a_forged_way_back_stays_here(told: str) -> None:
    forged = SimpleCookie({"otklik_back": told})["otklik_back"].coded_value
    back = asked("/oauth2callback", headers={"cookie": f"otklik_back={forged}"}).headers["location"]
    assert re.match(r"/[^/\\]", back)


def test_an_error_is_a_number_to_the_visitor_and_the_rest_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def script() -> None:
        import server  # noqa: PLC0415 -- a script of AppTest brings its own imports

        server.show_script_error(ValueError("what only the log may say"))

    page = AppTest.from_function(script).run()
    (said,) = [one.value for one in page.error]
    number = re.search(r"`([0-9a-f]{6})`", said)
    assert number
    assert "only the log" not in said
    (logged,) = [one for one in caplog.records if one.name == "otklik.page"]
    assert number.group(1) in logged.getMessage()
    assert "what only the log may say" in caplog.text
