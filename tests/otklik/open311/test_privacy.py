"""What isn't public never appears: of applicants, of other topics and regimes, of few cases, of exact places."""

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, text

from otklik.database.access.public_appeals import MAX_BODY_LENGTH
from otklik.database.engine import APP_ROLE, restricted_url
from otklik.database.functions.open311_topics import change_regime, publish_topics, withhold_topics
from otklik.database.schema import OPEN311_FUNCTIONS, OPEN311_ROLE
from otklik.open311.service_requests import MAX_DESCRIPTION_LENGTH, description
from tests.otklik.open311.conftest import TOPIC, Client
from tests.support import factories
from tests.support.appeals.personal_texts import PersonalText, personal_texts

NOW = datetime.now(UTC).replace(microsecond=0)
MID_MONTH = NOW.replace(day=15, hour=12) - timedelta(days=31)
TEXTS = list(personal_texts(200))
WORDS = st.text(alphabet="абвгд zčž.,\n", max_size=60)


@given(before=WORDS, personal=st.sampled_from(TEXTS), after=WORDS, times=st.integers(1, 90))
@settings(max_examples=25)
def test_planted_personal_data_never_appear(before: str, personal: PersonalText, after: str, times: int) -> None:
    """However long the text is, and wherever it is cut."""
    body = "\n".join([f"{before}. {personal.text} {after}"] * times)[:MAX_BODY_LENGTH]
    shown = description(body)
    assert len(shown) <= MAX_DESCRIPTION_LENGTH
    for _kind, value in personal.values:
        # A number of one or two digits may be another one.
        assert len(value) <= 3 or value not in shown


def test_nothing_of_the_applicant_is_in_any_answer(connection: Connection, client: Client) -> None:
    key = factories.appeal(
        connection, number="N-4711", topic=TOPIC, municipality="town", lon=37.6123456, lat=55.7512345, rating=1,
        received_at=NOW - timedelta(days=3), closed_at=NOW - timedelta(days=1),
        body="Я, Иванов Пётр Сергеевич, тел. +7 912 345-67-89, ул. Мира, д. 17, кв. 4. Яма.",
    )  # fmt: skip
    values = {"region": key.region_id, "id": key.id}
    connection.execute(
        text("INSERT INTO applicant (region_id, appeal_id, full_name, phone, email, address)"
             " VALUES (:region, :id, 'Пётр Иванов', '+79123456789', 'p@mail.example', 'Home 17')"), values,
    )  # fmt: skip
    factories.event(connection, key, "note", actor="chief", reason="internal words")
    (request,) = client.json("requests.json")
    answers = [
        client.get(path).body.decode()
        for path in ("requests.json", "requests.xml", "services.json", f"requests/{request['service_request_id']}.json")
    ]
    for private in ("4711", "Иванов", "Пётр", "912", "mail.example", "д. 17", "кв. 4", "37.6123", "internal", "chief"):
        assert not any(private in answer for answer in answers), private
    assert "Яма." in answers[0]


def test_what_isnt_published_is_left_out(connection: Connection, client: Client) -> None:
    def appeal(name: str, **columns: object) -> None:
        factories.appeal(
            connection,
            **{"topic": TOPIC, "holder": name, "received_at": NOW - timedelta(hours=1), **columns},  # type: ignore[arg-type]
        )

    appeal("public", body="words")
    appeal("other topic", topic="health")
    appeal("59-FZ", regime="law59")
    appeal("fast", regime="fast")
    appeal("not looked through", status="on_moderation")
    appeal("just in", status="received")
    appeal("rejected", status="rejected", closed_at=NOW, outcome="rejected")
    appeal("withdrawn", status="withdrawn", closed_at=NOW, outcome="withdrawn", body="words")

    def shown() -> dict[str, str | None]:
        return {row["agency_responsible"]: row["description"] for row in client.json("requests.json")}

    assert shown() == {"public": "words", "fast": None, "withdrawn": None}
    change_regime(connection, "law59", is_public=True)
    change_regime(connection, "fast", is_public=False)
    assert set(shown()) == {"public", "59-FZ", "withdrawn"}
    # Topics that come later, and the body where texts aren't published.
    publish_topics(connection, ["roads"], points=True, texts=False)
    appeal("later topic", topic="roads.new")
    assert shown() == dict.fromkeys(["public", "59-FZ", "withdrawn"])
    public_id = client.json("requests.json")[0]["service_request_id"]
    assert withhold_topics(connection, ["roads"]) == 3
    assert shown() == {}
    assert client.json("services.json") == []
    assert client.get(f"requests/{public_id}.json").status == 404


def test_few_cases_of_a_topic_without_points_are_left_out(connection: Connection, client: Client) -> None:
    factories.topic(connection, "health")
    publish_topics(connection, ["health"], points=False, texts=False)

    def shown() -> list[str]:
        rows = client.json("requests.json", service_code="health", page_size="200")
        assert all(row["lat"] is None and row["long"] is None for row in rows)
        return sorted(row["address"] for row in rows)

    for place, count in (("village", 4), ("town", 5), (None, 4)):
        for n in range(count):
            factories.appeal(
                connection, topic="health", municipality=place, lon=30.0, lat=60.0,
                received_at=MID_MONTH + timedelta(hours=n),
            )  # fmt: skip
    # Those of another month, of another topic or of a regime that isn't public don't make them more.
    factories.appeal(connection, topic="health", municipality="village", received_at=MID_MONTH - timedelta(days=31))
    factories.appeal(connection, topic=TOPIC, municipality="village", received_at=MID_MONTH)
    factories.appeal(connection, topic="health", municipality="village", regime="law59", received_at=MID_MONTH)
    assert shown() == ["town, XA"] * 5
    factories.appeal(connection, topic="health", municipality="village", received_at=MID_MONTH)
    assert shown() == ["town, XA"] * 5 + ["village, XA"] * 5


@pytest.mark.parametrize(
    ("lat", "lon", "cell"),
    [
        (0.0, 0.0, (0.0, 0.0)), (55.75149, 37.6189, (55.751, 37.618)), (55.75151, 37.6191, (55.752, 37.62)),
        (-33.9, -179.9999, (-33.9, -180.0)), (90.0, 12.3456, (90.0, 12.3)), (42.3601, -71.0589, (42.36, -71.058)),
    ],
)  # fmt: skip
def test_a_place_is_that_of_its_cell(
    connection: Connection, client: Client, lat: float, lon: float, cell: tuple[float, float]
) -> None:
    factories.appeal(connection, topic=TOPIC, lat=lat, lon=lon, received_at=NOW)
    (request,) = client.json("requests.json")
    assert (request["lat"], request["long"]) == cell


def test_the_role_calls_six_functions_and_reads_no_table(url: str, connection: Connection, client: Client) -> None:
    factories.appeal(connection, topic=TOPIC)
    assert client.json("requests.json")
    may = connection.scalars(
        text("SELECT proname FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace AND provolatile <> 'i'"
             " AND has_function_privilege(:role, p.oid, 'EXECUTE')"
             " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')"),
        {"role": OPEN311_ROLE},
    )  # fmt: skip
    assert sorted(may) == sorted(OPEN311_FUNCTIONS)
    readable = connection.scalars(
        text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
             " AND has_any_column_privilege(:role, oid, 'SELECT')"),
        {"role": OPEN311_ROLE},
    )  # fmt: skip
    assert list(readable) == []
    for address in (
        restricted_url(url, OPEN311_ROLE),
        make_conninfo(url, user=APP_ROLE, options=f"-c role={OPEN311_ROLE}"),
    ):
        with psycopg.connect(address) as role, pytest.raises(psycopg.errors.InsufficientPrivilege):
            role.execute("SELECT FROM open311_request")


def test_the_answer_is_json_without_a_value_that_isnt_public(connection: Connection, client: Client) -> None:
    factories.appeal(connection, topic=TOPIC, rating=2, closed_at=NOW, received_at=NOW - timedelta(days=1))
    assert "rating" not in json.dumps(client.json("requests.json", extensions="true"))
