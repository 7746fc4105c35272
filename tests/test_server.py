"""The HTTP application around Streamlit's."""

import re
from collections.abc import Mapping
from http.cookies import SimpleCookie

import pytest
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from server import SECURITY_HEADERS, GatewayMiddleware
from tests.support.servers.asgi import Response, run_in_event_loop, send_request
from tests.support.waiting import SCRIPT_SECONDS

SECRET = "s" * 43
HOSTS = ("127.0.0.1", "otklik.example.org")


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    """Respond as Streamlit does after signing in: with a cookie and a redirect to the first page."""
    response = RedirectResponse("/", status_code=302)
    response.set_cookie("_streamlit_user", "signed", httponly=True, samesite="lax")
    await response(scope, receive, send)


def get(path: str, query: str = "", headers: Mapping[str, str] | None = None, *, tls: bool = False) -> Response:
    """The response to a GET."""
    app = GatewayMiddleware(streamlit, hosts=HOSTS, tls=tls)
    encoded_headers = {name.encode(): value.encode() for name, value in (headers or {}).items()}
    return run_in_event_loop(lambda: send_request(app, path, query, encoded_headers))


def test_a_wall_screens_link_leaves_its_secret_in_a_cookie_alone() -> None:
    response = get("/regions", f"territory=RU-KHM&device={SECRET}&lang=ru")
    assert (response.status, response.headers["location"]) == (303, "/regions?territory=RU-KHM&lang=ru")
    cookie = response.cookies["otklik_device"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == (SECRET, True, "strict", "/")
    assert not cookie["secure"]
    assert get("/", f"device={SECRET}", tls=True).cookies["otklik_device"]["secure"]


@pytest.mark.parametrize(
    ("query", "header", "words"),
    [
        ("lang=ru", "en", "Такой страницы нет"),
        ("", "hr-HR,hr;q=0.9", "Takve stranice nema"),
        ("as=manager", "xx", "There is no such page"),
    ],
)
def test_an_unknown_page_is_said_in_the_visitors_language(query: str, header: str, words: str) -> None:
    response = get("/no-such-page", query, {"host": "127.0.0.1", "accept-language": header})
    assert response.status == 404
    assert words in response.body.decode()
    assert f'href="/queue{"?" if query else ""}{query}"' in response.body.decode()


def test_the_page_of_applicants_keeps_its_stricter_headers_and_isnt_there_unless_switched_on() -> None:
    def page(_scope: Scope) -> PlainTextResponse:
        return PlainTextResponse("", headers={"Referrer-Policy": "no-referrer", "Content-Security-Policy": "x"})

    app = GatewayMiddleware(lambda scope, receive, send: page(scope)(scope, receive, send), hosts=HOSTS)
    response = run_in_event_loop(lambda: send_request(app, "/queue"))
    assert (response.headers["referrer-policy"], response.headers["content-security-policy"]) == ("no-referrer", "x")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert get("/my-appeal", headers={"host": "127.0.0.1"}).status == 404


@pytest.mark.parametrize("path", ["/", "/queue", "/queue/", "/home", "/oauth2callback", "/favicon.png", "/queue/x"])
def test_pages_and_files_are_left_to_streamlit(path: str) -> None:
    assert get(path, headers={"host": "127.0.0.1"}).status == 302


@pytest.mark.parametrize("secret", ["", "short", "a;b" * 20, "%0d%0aSet-Cookie:x", "<" * 43])
def test_an_impossible_secret_makes_the_browser_forget(secret: str) -> None:
    response = get("/", f"device={secret}")
    assert (response.status, response.headers["location"]) == (303, "/")
    assert (response.cookies["otklik_device"].value, response.cookies["otklik_device"]["max-age"]) == ("", "0")
    assert list(response.cookies) == ["otklik_device"]


@pytest.mark.parametrize("path", ["//evil.example.org/", "/\\evil.example.org/", "///evil.example.org"])
def test_a_link_leads_to_no_other_server(path: str) -> None:
    assert re.match(r"/[^/\\]", get(path, f"device={SECRET}").headers["location"])


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
    assert get("/", headers={"host": host}).status == status
    assert get("/_stcore/health", headers={"host": host}).status == 302


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example.org"])
def test_each_answer_has_the_headers(host: str) -> None:
    response = get("/", headers={"host": host})
    assert {name: response.headers[name.lower()] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_cookies_are_for_tls_alone_where_there_is_tls() -> None:
    assert not get("/").cookies["_streamlit_user"]["secure"]
    cookie = get("/", tls=True).cookies["_streamlit_user"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "lax")


def test_signing_in_returns_to_the_page_of_before() -> None:
    way = get("/auth/login", headers={"referer": "http://127.0.0.1:8501/queue?territory=RU-KHM&lang=ru"})
    return_cookie = way.cookies["otklik_back"]
    assert return_cookie["httponly"]
    back = get("/oauth2callback", headers={"cookie": f"otklik_back={return_cookie.coded_value}"})
    assert back.headers["location"] == "/queue?territory=RU-KHM&lang=ru"
    assert back.cookies["otklik_back"]["max-age"] == "0"
    assert get("/oauth2callback").headers["location"] == "/"


@pytest.mark.parametrize("referer", ["https://evil.example.org/queue", "http://127.0.0.1:9999/queue", ""])
def test_another_site_cant_set_the_page_to_return_to(referer: str) -> None:
    assert "otklik_back" not in get("/auth/login", headers={"referer": referer}).cookies


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example.org", "https://evil.example.org", "\\\\evil.example.org", "/\t/evil.example.org", "/\r\nX: 1",
        "/\x00", "/\\evil.example.org", "/\xff", "/" + "a" * 9000,
    ],
)  # fmt: skip
def test_a_forged_return_cookie_leads_to_the_first_page(target: str) -> None:
    forged = SimpleCookie({"otklik_back": target})["otklik_back"].coded_value
    assert get("/oauth2callback", headers={"cookie": f"otklik_back={forged}"}).headers["location"] == "/"


@pytest.mark.parametrize(
    "referer", ["http://[", "http://127.0.0.1:8501//evil.example.org", "http://127.0.0.1:8501/\\x"]
)
def test_an_odd_referer_sets_no_page_to_return_to(referer: str) -> None:
    assert "otklik_back" not in get("/auth/login", headers={"referer": referer}).cookies


def test_an_error_is_a_number_to_the_visitor_and_the_rest_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def script() -> None:
        import server  # noqa: PLC0415 -- a script of AppTest brings its own imports

        server.show_script_error(ValueError("what only the log may say"))

    page = AppTest.from_function(script, default_timeout=SCRIPT_SECONDS).run()
    (message,) = [item.value for item in page.error]
    number = re.search(r"`([0-9a-f]{6})`", message)
    assert number
    assert "only the log" not in message
    (logged,) = [item for item in caplog.records if item.name == "otklik.page"]
    assert number.group(1) in logged.getMessage()
    assert "what only the log may say" in caplog.text
