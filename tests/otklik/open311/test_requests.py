"""Services and requests as GeoReport v2 has them: fields, filters, pages, formats, errors."""

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import Connection, event, text
from starlette.applications import Starlette

from otklik.database.access import public_appeals
from otklik.database.access.public_appeals import AppealKey
from otklik.database.functions.open311_topics import publish_topics
from otklik.errors import DatabaseUnavailable, QueryTimeout
from otklik.open311 import endpoints, rate_limit, routes
from otklik.open311.documents import rendered
from otklik.open311.public_id import PublicIds
from otklik.open311.rate_limit import RateLimit
from tests.otklik.open311.conftest import TOPIC, Client
from tests.support import factories
from tests.support.screens.hostile_texts import HOSTILE_TEXTS

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip
HOSTILE_VALUES = (
    "'", "' OR 1=1 --", "\\", "%", "\x00", "a\x00b", "\ud83d", "-1", "0", "1e9", "9" * 30, "٣", "NaN", "inf", "null",
    "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    "2026-01-01T00:00:00+99:00", "2026-W01-1T00:00:00Z", ",,,", "," * 500, "a," * 300, "open,closed,late", "OPEN", "{}",
    "../../etc/passwd", "<script>alert(1)</script>", "&lt;", "]]>", "${7*7}", "{{7*7}}", "\r\nX-Evil: 1", "a" * 5000,
    "1.0", "1." + "0" * 32, "99999999999999999." + "f" * 32, "0" * 32, "\u202e", "ё" * 300,
)  # fmt: skip
PARAMETERS = (
    "start_date", "end_date", "updated_after", "updated_before", "status", "service_code", "service_request_id", "page",
    "page_size", "after", "jurisdiction_id", "lang", "extensions", "api_key",
)  # fmt: skip


def w3(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_it_is_off_unless_its_address_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTKLIK_OPEN311_URL", raising=False)
    response = Client(Starlette(routes=routes.open311_routes())).get("requests.json")
    assert (response.status, response.body) == (404, b"Not Found")


def test_a_request_has_the_fields_of_the_standard_in_both_formats(connection: Connection, client: Client) -> None:
    key = factories.appeal(
        connection, topic=TOPIC, municipality="town", holder="works", number="SECRET-1", lon=37.61234, lat=55.75121,
        body="A hole. Call +7 912 345-67-89 & ask <b>", received_at=NOW - 9 * DAY, deadline_at=NOW - DAY,
        closed_at=NOW - 2 * DAY,
    )  # fmt: skip
    (request,) = client.json("requests.json")
    assert list(request) == FIELDS
    request_id = request.pop("service_request_id")
    assert {name: value for name, value in request.items() if value is not None} == {
        "status": "closed",
        "status_notes": "The applicant was answered. The organisation says that the matter is resolved.",
        "service_name": TOPIC, "service_code": TOPIC,
        "description": "A hole. Call [telephone] & ask <b>",
        "agency_responsible": "works",
        "requested_datetime": w3(NOW - 9 * DAY), "updated_datetime": w3(NOW - 2 * DAY),
        "expected_datetime": w3(NOW - DAY), "address": "town, XA", "lat": 55.751, "long": 37.612,
    }  # fmt: skip
    assert client.json(f"requests/{request_id}.json") == client.json("requests.json")
    assert client.json("requests.json", service_request_id=f"{request_id},{'0' * 32},x") == client.json("requests.json")
    for path in ("requests.xml", f"requests/{request_id}.xml"):
        document = client.xml(path)
        (element,) = document
        assert (document.tag, element.tag, [field.tag for field in element]) == ("service_requests", "request", FIELDS)
        assert element.findtext("description") == "A hole. Call [telephone] & ask <b>"
        assert (element.findtext("long"), element.findtext("zipcode")) == ("37.612", "")
    assert PublicIds(public_appeals.public_id_key()).appeal_key(request_id) == tuple(key)
    # In the reader's language.
    (request,) = client.json("requests.json", lang="ru")
    assert request["status_notes"].startswith("Заявителю ответили.")


def test_services_and_discovery(connection: Connection, client: Client) -> None:
    factories.topic(connection, "parks")
    services = {service["service_code"]: service for service in client.json("services.json")}
    assert list(services) == ["roads", "roads.surface", TOPIC], "no other topic"
    assert services[TOPIC]["group"] == "roads.surface"
    assert services[TOPIC]["metadata"] is False
    assert [element.findtext("metadata") for element in client.xml("services.xml")] == ["false"] * 3
    assert client.json(f"services/{TOPIC}.json") == {"service_code": TOPIC, "attributes": []}
    assert client.xml("services/roads.xml").findtext("service_code") == "roads"
    assert client.get("services/parks.json").status == 404
    assert client.json("discovery.json")["endpoints"][0]["url"] == "https://311.city.example/open311/v2"
    assert client.xml("discovery.xml").findtext("endpoints/endpoint/formats/format") == "text/xml"


def test_filters_narrow_what_is_asked_for(connection: Connection, client: Client) -> None:
    moments = {
        "new": NOW - DAY, "closed": NOW - 20 * DAY, "old": NOW - 91 * DAY, "early": NOW - 90 * DAY + timedelta(hours=1),
    }  # fmt: skip
    for name, received_at in moments.items():
        factories.appeal(
            connection, number=name, topic=TOPIC if name == "new" else "roads", holder=f"of {name}",
            region="XB" if name == "new" else "XA", received_at=received_at, updated_at=NOW - timedelta(hours=3),
            closed_at=NOW - 2 * DAY if name == "closed" else None,
        )  # fmt: skip
    connection.execute(
        text("UPDATE appeal SET updated_at = :moment WHERE number = 'old'"), {"moment": NOW - timedelta(hours=9)}
    )

    def names(**params: str) -> list[str]:
        return [row["agency_responsible"].removeprefix("of ") for row in client.json("requests.json", **params)]

    assert names() == ["new", "closed", "early"], "those of 90 days, the last received first"
    assert names(status="open") == ["new", "early"]
    assert names(status="closed") == ["closed"]
    assert names(status="open,closed") == names(page="", status="", lang="en") == names()
    assert names(service_code="roads") == ["closed", "early"]
    assert names(service_code=f"{TOPIC},none") == ["new"]
    assert names(service_code="none") == []
    assert names(jurisdiction_id="XB") == ["new"]
    assert names(end_date=w3(NOW - 50 * DAY)) == ["early", "old"]
    assert names(start_date=w3(NOW - 21 * DAY), end_date=w3(NOW - 20 * DAY)) == ["closed"], "both ends count"
    assert names(start_date=w3(NOW - 91 * DAY)) == ["new", "closed", "early", "old"], "90 days from there"
    assert names(start_date=(NOW - 2 * DAY).isoformat().replace("+", " ")) == ["new"]
    assert names(updated_after=w3(NOW - timedelta(hours=12)))[0] == "old", "the least recently changed first"
    assert sorted(names(updated_after=w3(NOW - timedelta(hours=12)))) == sorted(moments)
    assert names(updated_before=w3(NOW - timedelta(hours=5))) == ["old"]
    assert names(updated_after=w3(NOW - DAY), start_date=w3(NOW - 2 * DAY)) == ["new"]
    assert client.get("requests.json", jurisdiction_id="XC").status == 404
    too_long = client.get("requests.json", start_date=w3(NOW - 91 * DAY), end_date=w3(NOW))
    assert json.loads(too_long.body) == [
        {"code": 400, "description": "From “start_date” to “end_date” there are more than 90 days."}
    ]


@pytest.mark.parametrize("by_change", [False, True])
def test_pages_have_each_once_while_appeals_arrive_and_change(
    connection: Connection, client: Client, *, by_change: bool
) -> None:
    # Several at one moment, as imports bring them.
    keys = [
        factories.appeal(
            connection, topic=TOPIC, received_at=NOW - timedelta(hours=2 + n // 4),
            updated_at=NOW - timedelta(hours=1 + n // 4), holder=f"office {n:02}",
        )
        for n in range(30)
    ]  # fmt: skip
    params = {"updated_after": w3(NOW - 2 * DAY)} if by_change else {}
    names = []
    for number, page in enumerate(client.pages(page_size="7", **params)):
        names += [row["agency_responsible"] for row in page]
        factories.appeal(connection, topic=TOPIC, holder="arrives", received_at=NOW - timedelta(minutes=number))
        factories.appeal(connection, topic=TOPIC, holder="is late", received_at=NOW - timedelta(hours=4 + number % 3))
        statement = "UPDATE appeal SET updated_at = clock_timestamp() + interval '1 hour' WHERE id = :id"
        connection.execute(text(statement), {"id": keys[29 - number].id})
    assert number >= 4
    changed = {f"office {n:02}" for n in range(24, 30)} if by_change else set()
    expected = {f"office {n:02}" for n in range(30)} - changed
    assert sorted(name for name in names if name in expected) == sorted(expected), "each once"
    assert all(names.count(name) <= 1 for name in changed), "what changed meanwhile comes with the next question"
    numbered = [row["agency_responsible"] for page in "123" for row in client.json(
        "requests.json", page_size="10", page=page, end_date=w3(NOW - timedelta(hours=2)))]  # fmt: skip
    assert len(numbered) == len({*numbered} - {"is late"}) + numbered.count("is late"), "pages by number too"
    assert client.get("requests.json", page="999").status == 400


def test_hostile_questions_are_answered_in_words(connection: Connection, client: Client) -> None:
    factories.appeal(connection, topic=TOPIC)
    assert len(HOSTILE_VALUES) >= 40
    for number, (name, value) in enumerate(product(PARAMETERS, HOSTILE_VALUES)):
        file_format = ("json", "xml")[number % 2]
        query = f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}"
        response = client.get(f"requests.{file_format}?{query}")
        assert response.status in (200, 400, 404), (name, value, response.body)
        assert "x-evil" not in response.headers
        if response.status != 200:
            (error,) = json.loads(response.body) if file_format == "json" else [{"code": response.status}]
            assert error["code"] == response.status
    for path in (
        "requests/'.json",
        "requests/%00.xml",
        "services/%00.json",
        "services/%2e%2e%2f.xml",
        "requests/.json",
    ):
        assert client.get(path).status == 404
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.send("requests.json", method).status == 405
    for path in ("requests", "requests.yaml", "tokens/1.json", "", "requests.json.exe"):
        assert client.get(path).status == 404


def test_texts_of_any_kind_make_well_formed_documents(connection: Connection, client: Client) -> None:
    strange = [*HOSTILE_TEXTS, "\ufffe\uffff", "\x0b", "]]><x>&amp;", "\u202eevil"]
    for n, words in enumerate(strange):
        body = words.replace("\x00", "").encode("utf-8", "ignore").decode()
        factories.appeal(connection, topic=TOPIC, body=body or "empty", received_at=NOW - timedelta(minutes=n))
    assert len(client.xml("requests.xml", page_size="200")) == len(client.json("requests.json", page_size="200"))
    assert b"\x0b" not in client.get("requests.xml", page_size="200").body
    assert rendered("a", {"b": "\x01\ud800"}, "xml").endswith("<a><b>��</b></a>".encode())


def test_headers_for_caches_and_browsers(connection: Connection, client: Client) -> None:
    factories.appeal(connection, topic=TOPIC, updated_at=NOW - DAY)
    first = client.get("requests.json")
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["cache-control"] == "public, max-age=60"
    assert first.headers["last-modified"] == (NOW - DAY).strftime("%a, %d %b %Y %H:%M:%S GMT")
    etag = first.headers["etag"].encode()
    again = client.send("requests.json", headers={b"if-none-match": b'W/"x", ' + etag})
    assert (again.status, again.body) == (304, b"")
    assert client.send("requests.xml", headers={b"if-none-match": etag}).status == 200
    factories.appeal(connection, topic=TOPIC)
    assert client.send("requests.json", headers={b"if-none-match": etag}).status == 200
    preflight = client.send("requests.json", "OPTIONS")
    assert (preflight.status, preflight.headers["access-control-allow-methods"]) == (204, "GET, HEAD")


def test_each_client_and_all_of_them_have_a_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "CLIENT_REQUESTS", 3)
    monkeypatch.setattr(rate_limit, "ALL_REQUESTS", 5)
    monkeypatch.setattr("otklik.open311.routes.time", lambda: 90.0)
    statuses = [client.get("services.json").status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = client.get("services.xml")
    assert refused.headers["retry-after"] == "31"
    assert b"<code>429</code>" in refused.body
    other = Client(client.app, "2001:db8::1")
    neighbour = Client(client.app, "2001:db8::2")
    assert [other.get("services.json").status for _ in range(2)] == [200, 200]
    assert neighbour.get("services.json").status == 429, "all together"
    monkeypatch.setattr("otklik.open311.routes.time", lambda: 120.0)
    assert neighbour.get("services.json").status == 200
    limit = RateLimit()
    assert [limit.retry_seconds(str(n), 0) > 0 for n in range(1000)].count(False) == 5
    assert len(limit._counts) <= 1000  # noqa: SLF001 -- what it remembers


@pytest.mark.parametrize("error", [DatabaseUnavailable("gone"), QueryTimeout()])
def test_what_the_database_cant_answer_is_said(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(endpoints, "public_appeals", fail)
    response = client.get("requests.json")
    assert (response.status, response.headers["retry-after"]) == (503, "60")
    assert "gone" not in response.body.decode()


@pytest.mark.slow
def test_a_page_of_200_is_one_query_read_by_an_index(url: str, connection: Connection, app: Starlette) -> None:
    factories.appeal(connection, topic=TOPIC)
    connection.execute(
        text("""INSERT INTO appeal (region_id, source_id, number, channel_id, topic_id, regime_id, status_id,
                first_holder_id, holder_id, received_at, updated_at)
            SELECT region_id, source_id, 'N' || n, channel_id, topic_id, regime_id, status_id,
                first_holder_id, holder_id, received_at - n * interval '3 minutes',
                received_at - n * interval '3 minutes'
            FROM appeal, generate_series(1, 20000) AS n""")
    )
    connection.execute(text("ANALYZE appeal"))
    publish_topics(connection, ["roads"], points=True, texts=False)
    client = Client(app)
    client.json("requests.json", page_size="1")  # connects, and makes the key
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(public_appeals.open311_engine(), "before_cursor_execute", note)
    assert len(client.json("requests.json", page_size="200")) == 200
    event.remove(public_appeals.open311_engine(), "before_cursor_execute", note)
    assert ["open311_received" in statement for statement in statements] == [False, True], statements
    calls = {
        "appeal_received_anywhere": "open311_received(now() - interval '90 days', now(), NULL, NULL, NULL,"
        " NULL, NULL, NULL, 0, 200)",
        "appeal_updated": "open311_changed(now() - interval '90 days', now(), NULL, NULL, NULL,"
        " NULL, NULL, NULL, 0, 200, NULL, NULL)",
    }
    with psycopg.connect(url) as owner:
        plans: list[str] = []
        owner.add_notice_handler(lambda notice: plans.append(str(notice.message_primary)))
        owner.execute("LOAD 'auto_explain'")
        for setting in ("log_min_duration = 0", "log_nested_statements = on", "log_analyze = on", "log_level = notice"):
            owner.execute(f"SET auto_explain.{setting}")
        for index, call in calls.items():
            plans.clear()
            owner.execute(f"SELECT count(*) FROM {call}")
            (plan,) = [plan for plan in plans if "ORDER BY" in plan]
            assert f"using {index} on appeal" in plan, plan
            assert "Seq Scan on appeal" not in plan


def test_ids_say_nothing_and_arent_made_up() -> None:
    ids, others = PublicIds(b"k" * 16), PublicIds(b"K" * 16)
    keys = [AppealKey(region, number) for region in (1, 2, 2**31 - 1) for number in (1, 2, 2**63 - 1)]
    made = [ids.public_id(key) for key in keys]
    assert len(set(made)) == len(keys)
    assert [ids.appeal_key(public_id) for public_id in made] == keys
    assert [others.appeal_key(public_id) for public_id in made] == [None] * len(keys)
    for wrong in ("", "1", "0" * 32, made[0].upper(), made[0] + "0", " " + made[0], "é" * 32):
        assert ids.appeal_key(wrong) is None
