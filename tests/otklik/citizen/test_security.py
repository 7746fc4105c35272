"""The page faces the internet: guessing, forging, replaying and hostile texts get nothing, and nothing leaks."""

import html
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import ProgrammingError
from starlette.applications import Starlette

from otklik.citizen.visit_request import VISIT_COOKIE, form_token
from otklik.database.access import visits
from otklik.database.access.receipts import issue_receipt, secret_hash
from otklik.database.engine import APP_ROLE, database_engine, restricted_url
from otklik.database.schema import CITIZEN_FUNCTIONS, CITIZEN_ROLE
from tests.otklik.citizen.conftest import NUMBER, Browser, rows
from tests.support import factories
from tests.support.screens.hostile_texts import EVIL_HOST, HOSTILE_TEXTS, LONG_TEXT, MARKUP, WITH_NUL
from tests.support.servers.asgi import Response

WRONG_SECRET = "7" * 28


def test_the_secret_is_stored_nowhere(connection: Connection, secret: str) -> None:
    (stored,) = rows(connection, "SELECT salt, digest FROM receipt")
    assert secret_hash(secret) not in stored
    everything = rows(connection, "SELECT r::text FROM receipt AS r UNION ALL SELECT a::text FROM audit AS a")
    assert len(everything) == 2
    assert secret not in str(everything)
    assert secret.replace("-", "") not in str(everything)
    assert len(secret.replace("-", "")) * 5 >= 128, "bits"


def test_an_unknown_number_and_a_wrong_secret_look_the_same(app: Starlette, secret: str) -> None:
    assert secret
    statements: dict[str, list[str]] = {"known": [], "unknown": []}
    responses = {}
    for kind, number in (("known", NUMBER), ("unknown", NUMBER[:-1] + "8")):
        browser = Browser(app, client=f"192.0.2.{len(kind)}")
        browser.get()  # connects

        def note(*arguments: object, kind: str = kind) -> None:
            statements[kind].append(str(arguments[2]))

        event.listen(visits.citizen_engine(), "before_cursor_execute", note)
        responses[kind] = browser.open(WRONG_SECRET, number)
        event.remove(visits.citizen_engine(), "before_cursor_execute", note)
    known, unknown = responses["known"], responses["unknown"]
    assert known.status == unknown.status == 403
    # The number that was typed stands in the form again.
    assert known.body.replace(NUMBER.encode(), b"") == unknown.body.replace((NUMBER[:-1] + "8").encode(), b"")
    assert known.headers == unknown.headers
    assert statements["known"] == statements["unknown"]


def test_a_thousand_wrong_secrets_get_nothing_and_are_slowed(
    connection: Connection, app: Starlette, secret: str
) -> None:
    """From one address ten are looked at in a quarter of an hour, of one number thirty, whoever asks."""
    browser = Browser(app)
    statuses = [browser.open(f"{n:028}").status for n in range(12)]
    assert statuses == [403] * 10 + [429] * 2
    response = browser.open(secret)
    assert response.status == 429, "the right one isn't looked at either"
    assert 0 < int(response.headers["retry-after"]) <= 900
    assert "Try again in 15 minutes" in response.body.decode()
    assert browser.token == ""
    # From a hundred addresses at a time, by the same functions, however the number is spelt.
    spellings = (NUMBER, NUMBER.lower(), NUMBER.capitalize())
    results = [
        visits.open_visit(spellings[n % 3], f"{n:028}", f"198.51.100.{n % 250}") for n in range(1000 - len(statuses))
    ]
    assert [opening.token for opening in results] == [None] * len(results)
    looked_at = sum(opening.retry_seconds == 0 for opening in results)
    assert looked_at == 30 - 10, "what the first client tried beyond its ten doesn't count"
    assert rows(connection, "SELECT * FROM receipt_session") == rows(connection, "SELECT * FROM appeal_look") == []
    # Other numbers, from other addresses, can be opened; and after a quarter of an hour this one.
    other = factories.appeal(connection, number="OTHER")
    assert Browser(app, client="203.0.113.9").open(issue_receipt(connection, *other), "OTHER").status == 303
    connection.execute(text("UPDATE receipt_attempt SET since = since - interval '15 minutes 1 second'"))
    assert browser.open(secret).status == 303


def test_one_client_locks_nobody_out(app: Starlette, secret: str) -> None:
    stranger = Browser(app)
    assert [stranger.open(WRONG_SECRET).status for _ in range(40)] == [403] * 10 + [429] * 30
    assert Browser(app, client="192.0.2.7").open(secret).status == 303


def test_right_secrets_use_up_no_attempts_and_fill_no_table(
    connection: Connection, app: Starlette, secret: str
) -> None:
    for _ in range(12):
        assert Browser(app).open(secret, NUMBER.lower()).status == 303
    assert rows(connection, "SELECT count(*) FROM receipt_session") == [(10,)]
    assert rows(connection, "SELECT count(*) FROM appeal_look") == [(1,)]
    connection.execute(text("UPDATE appeal_look SET at = at - interval '61 seconds'"))
    assert Browser(app).open(secret).status == 303
    assert rows(connection, "SELECT count(*) FROM appeal_look") == [(2,)]
    assert rows(connection, "SELECT DISTINCT attempts FROM receipt_attempt") == [(0,)]


def test_addresses_are_kept_as_keyed_hashes_and_networks_of_ipv6_as_one(connection: Connection, app: Starlette) -> None:
    neighbours = [Browser(app, client=f"2001:db8:0:7::{last:x}") for last in range(11)]
    assert [browser.open(WRONG_SECRET, browser.client).status for browser in neighbours] == [403] * 10 + [429]
    assert Browser(app, client="2001:db8:0:8::1").open(WRONG_SECRET).status == 403
    keys = rows(connection, "SELECT key FROM receipt_attempt")
    assert all(isinstance(key, bytes | memoryview) and len(key) == 32 for (key,) in keys)


def test_a_visit_cant_be_forged_or_replayed(connection: Connection, app: Starlette, secret: str) -> None:
    browser = Browser(app)
    assert browser.open(secret).status == 303
    token = browser.token
    for forged in ("", "x", "A" * 43, token[:-1] + ("A" if token[-1] != "A" else "B"), token.swapcase(), "'; --" * 9):
        assert NUMBER not in Browser(app, token=forged).get().body.decode()
    # A form that another site has made, or one made for another visit.
    rating: dict[str, object] = {"verdict": "yes", "rating": "5"}
    assert browser.post("rating", rating, forged=True).status == 403
    assert browser.post("rating", {**rating, "form_token": form_token("another")}, forged=True).status == 403
    for name, value in ((b"sec-fetch-site", b"cross-site"), (b"origin", b"https://evil.example")):
        attacker = Browser(app, token=token, headers={name: value})
        assert attacker.post("rating", rating).status == 403
        assert attacker.post("leave").status == 403
        assert Browser(app, headers={name: value}).open(secret).status == 403
    assert rows(connection, "SELECT * FROM verdict") == []
    # The page's own form; the same once more; and after the visit's end.
    own = Browser(app, token=token, headers={b"sec-fetch-site": b"same-origin", b"origin": b"null"})
    assert own.post("rating", rating).status == 303
    assert own.post("rating", {"verdict": "no", "rating": "1"}).status == 409
    assert rows(connection, "SELECT resolved FROM verdict") == [("yes",)]
    assert own.post("leave").status == 303
    replays: tuple[tuple[str, dict[str, object]], ...] = (
        ("rating", rating),
        ("reopening", {"reason": "again"}),
        ("leave", {}),
    )
    assert [Browser(app, token=token).post(*replay).status for replay in replays] == [403, 403, 303]
    assert NUMBER not in Browser(app, token=token).get().body.decode()
    assert rows(connection, "SELECT reopened FROM appeal") == [(0,)]


def test_a_visit_ends_with_its_time_and_with_a_new_secret(connection: Connection, app: Starlette, secret: str) -> None:
    (key,) = rows(connection, "SELECT region_id, id FROM appeal")
    browsers = Browser(app), Browser(app)
    for browser in browsers:
        browser.open(secret)
    connection.execute(
        text("UPDATE receipt_session SET expires_at = now() WHERE token_hash = sha256(convert_to(:token, 'UTF8'))"),
        {"token": browsers[0].token},
    )
    assert [NUMBER in browser.get().body.decode() for browser in browsers] == [False, True]
    new_secret = issue_receipt(connection, *key)  # type: ignore[arg-type]
    assert NUMBER not in browsers[1].get().body.decode()
    assert Browser(app).open(secret).status == 403
    assert Browser(app).open(new_secret).status == 303


def test_what_a_page_lets_out(browser: Browser, secret: str) -> None:
    opened = browser.open(secret)
    cookie = opened.cookies[VISIT_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "strict", "/my-appeal")
    assert cookie["max-age"] == cookie["expires"] == ""
    for response in (opened, browser.get(), Browser(browser.app).open(WRONG_SECRET), browser.post("rating")):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert secret not in str(response.headers) + response.body.decode()
        if response.body:
            policy = response.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; style-src 'sha256-")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert b"<script" not in response.body
            assert b"http://" not in response.body.replace(b"http://127.0.0.1", b"")
    assert browser.token not in browser.get().body.decode()


def test_no_get_changes_anything(connection: Connection, browser: Browser, secret: str) -> None:
    browser.open(secret)
    browser.get(f"number={NUMBER}&secret={secret}&verdict=yes&rating=5&reason=x&left=1&done=rating")
    assert rows(connection, "SELECT count(*) FROM verdict") == [(0,)]
    assert Browser(browser.app).get(f"number={NUMBER}&secret={secret}").cookies.get(VISIT_COOKIE) is None


def test_hostile_texts_are_shown_as_written_and_stored_whole(connection: Connection, app: Starlette) -> None:
    """As number, secret, text of the appeal, comment and reason: all of them are text, and none is markup."""
    assert len(HOSTILE_TEXTS) >= 60
    now = datetime.now(UTC)
    for n, hostile in enumerate(HOSTILE_TEXTS):
        browser = Browser(app, client=f"10.0.{n}.1")
        page = browser.open(hostile, hostile)
        assert page.status in (303, 403)
        harmless(page)
        stored = hostile.replace("\x00", "").replace("\ufffe", "?")
        key = factories.appeal(
            connection,
            number=f"H-{n}",
            body=stored,
            received_at=now - timedelta(days=3),
            closed_at=now - timedelta(days=1),
        )
        assert browser.open(issue_receipt(connection, *key), f"H-{n}").status == 303
        assert browser.post("rating", {"verdict": "no", "rating": "1", "comment": hostile}).status == 303
        assert browser.post("reopening", {"reason": hostile}).status == 303
        page = browser.get()
        harmless(page)
        if hostile in MARKUP:
            assert (
                page.body.decode().count(html.escape(hostile).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"))
                == 3
            )
    words = rows(connection, "SELECT reason FROM event WHERE kind IN ('rated', 'reopened')")
    assert len(words) == 2 * len(HOSTILE_TEXTS)


def harmless(response: Response) -> None:
    """Nothing of what the page holds is an element, an attribute or an address of another site."""
    page = response.body.decode()
    for begin in ("<script", "<img", "<svg", "<iframe", "<body onload", "<a href=j", "<a href=h", "<object", "<math"):
        assert begin not in page
    assert "set-cookie: hurt" not in str(response.headers).lower()
    assert f'"http://{EVIL_HOST}' not in page.replace(html.escape(f'"http://{EVIL_HOST}'), "")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"number": NUMBER},
        {"secret": WRONG_SECRET},
        {"number": WITH_NUL, "secret": WITH_NUL},
        {"number": LONG_TEXT[:3000], "secret": "1"},
        {"number": "\ud800".encode("utf-8", "surrogatepass"), "secret": b"\xff\xfe"},
    ],
)
def test_odd_forms_get_a_page(browser: Browser, secret: str, fields: dict[str, object]) -> None:
    assert secret
    assert browser.post(fields=fields).status in (400, 403)


def test_forms_that_are_none_are_refused(browser: Browser) -> None:
    assert browser.post(fields={"number": "x" * 30_000, "secret": "y"}).status == 400
    assert browser.post(fields={f"n{n}": n for n in range(40)}).status == 400
    browser.headers[b"content-type"] = b"multipart/form-data; boundary=x"
    assert browser.post(fields={"number": "1"}).status == 400


def test_the_screens_own_user_can_become_the_role(url: str) -> None:
    """Where OTKLIK_APP_URL says who the screens are."""
    conninfo = make_conninfo(url, user=APP_ROLE, options=f"-c role={CITIZEN_ROLE}")
    with psycopg.connect(conninfo) as citizen:
        row = citizen.execute("SELECT session_user, current_user, citizen_appeal('unknown'::bytea)").fetchone()
        assert row == (APP_ROLE, CITIZEN_ROLE, None)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            citizen.execute("SELECT FROM appeal")


def test_the_role_calls_five_functions_and_reads_no_table(url: str, connection: Connection, secret: str) -> None:
    assert secret
    may = rows(
        connection,
        "SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace"
        f" AND provolatile <> 'i' AND has_function_privilege('{CITIZEN_ROLE}', p.oid, 'EXECUTE')"
        " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')",
    )
    names = {str(name).replace("timestamp with time zone", "timestamptz").replace(",", ", ") for (name,) in may}
    assert names == set(CITIZEN_FUNCTIONS)
    engine = database_engine(restricted_url(url, CITIZEN_ROLE))
    try:
        for table in (
            "appeal",
            "receipt",
            "receipt_session",
            "applicant",
            "event",
            "verdict",
            "appeal_look",
            "setting",
        ):
            with engine.connect() as citizen, pytest.raises(ProgrammingError, match="permission denied"):
                citizen.execute(text(f"SELECT * FROM {table}"))
        for call in ("session_appeal('x')", "audit_append('a', 'b', 'c', NULL, NULL)", "applicant_of(1, 1, 'why')"):
            with engine.connect() as citizen, pytest.raises(ProgrammingError, match="permission denied"):
                citizen.execute(text(f"SELECT {call}"))
    finally:
        engine.dispose()
