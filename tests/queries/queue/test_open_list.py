"""The list of open appeals: criteria, order, pagination and search."""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, text

from otklik.database.access import people, scope
from otklik.errors import DatabaseRefusal
from queries.filters import Filters
from queries.lists.appeal_list import AppealKey, appeals_by_key
from queries.lists.ordering import SORT_OPTIONS
from queries.queue import list_url, open_list, saved_views
from queries.queue.list_filters import DEFAULT_CRITERIA, ListCriteria
from queries.queue.open_list import Cursor
from queries.queue.search import MAX_HITS
from tests.support import factories
from tests.support.servers.executed_statements import executed_statements, indexes_used

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
EVERYTHING = Filters(NOW.date() - 30 * DAY, NOW.date() + DAY)


@pytest.fixture
def appeals(connection: Connection) -> None:
    """One appeal within time, one at risk, two overdue, one without a deadline, one closed."""

    def add(number: str, days: float, left: float | None, **columns: Any) -> None:  # noqa: ANN401 -- a row's columns have no common type
        deadline = None if left is None else NOW + left * DAY
        factories.appeal(connection, number=number, received_at=NOW - days * DAY, deadline_at=deadline, **columns)

    add("FINE", 2, 9, status="on_approval", body="Не горит фонарь у школы", topic="light")
    add("RISK", 9, 0.5, region="XB", body="Большая яма на дороге")
    add("OVER", 10, -1, holder="city", body="Ямы во дворе, фонари не горят")
    add("LONG", 40, -20, topic="light", body="Street lights are out")
    add("FREE", 0, None, body="100% снега_не убрано")
    add("CLOSED", 9, -1, closed_at=NOW, body="яма")


def numbers(criteria: ListCriteria = DEFAULT_CRITERIA, **filter_codes: str) -> list[str]:
    filters = Filters(EVERYTHING.start, EVERYTHING.end, **filter_codes)  # type: ignore[arg-type]
    return open_list.list_page(filters, criteria)["number"].tolist()


@pytest.mark.usefixtures("appeals")
def test_the_next_deadline_comes_first_and_what_has_none_last() -> None:
    assert numbers() == ["LONG", "OVER", "RISK", "FINE", "FREE"]
    assert numbers(ListCriteria(sort="deadline_last")) == ["FREE", "FINE", "RISK", "OVER", "LONG"]
    assert numbers(ListCriteria(sort="oldest")) == ["LONG", "OVER", "RISK", "FINE", "FREE"]
    assert numbers(ListCriteria(sort="newest")) == ["FREE", "FINE", "RISK", "OVER", "LONG"]


@pytest.mark.usefixtures("appeals")
def test_each_choice_narrows_the_list_and_its_count() -> None:
    wanted = {
        ListCriteria(state="overdue"): ["LONG", "OVER"],
        ListCriteria(state="at_risk"): ["RISK"],
        ListCriteria(state="within"): ["FINE", "FREE"],
        ListCriteria(stage="approval"): ["FINE"],
        ListCriteria(age="0"): ["FREE"],
        ListCriteria(age="1"): ["FINE"],
        ListCriteria(age="3"): [],
        ListCriteria(age="7"): ["LONG", "OVER", "RISK"],
        ListCriteria(age="7", state="overdue", search_text="ямы"): ["OVER"],
    }
    assert {one: numbers(one) for one in wanted} == wanted
    assert {one: open_list.capped_count(EVERYTHING, one) for one in wanted} == {
        one: len(rows) for one, rows in wanted.items()
    }
    assert numbers(territory="XB") == ["RISK"]
    assert numbers(organisation="city") == ["OVER"]


@pytest.mark.usefixtures("appeals")
def test_rows_say_in_words_what_an_appeal_is_and_how_it_stands() -> None:
    row = open_list.list_page(EVERYTHING).iloc[1]
    said = row[["number", "source", "region", "organisation", "status", "stage", "state"]].tolist()
    assert said == ["OVER", "otklik", "XA", "city", "In progress", "Execution", "overdue"]


def test_pages_hold_every_appeal_once_forwards_and_backwards_also_where_moments_are_equal(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_list, "PAGE_SIZE", 4)
    # Names of topics that say little alone: lists show more than the name.
    topics = ("roads.surface.other", "homes.yard.other", "roads")
    for region, at, topic in product(("XA", "XB"), (None, NOW, NOW + DAY), topics):
        factories.appeal(connection, region=region, deadline_at=at, received_at=NOW - DAY, topic=topic)
    for sort in SORT_OPTIONS:
        wanted = ListCriteria(sort=sort)
        found, edge = [], None
        while True:
            page = open_list.list_page(EVERYTHING, wanted, edge)
            found += page["number"].tolist()[:4]
            if len(page) <= 4 or len(found) > 18:
                break
            edge = open_list.row_cursor(page.iloc[3], wanted, "en")
        assert len(found) == len(set(found)) == 18
        last = open_list.list_page(EVERYTHING, wanted, edge).iloc[0]
        before = open_list.list_page(EVERYTHING, wanted, open_list.row_cursor(last, wanted, "en"), backward=True)
        assert before["number"].tolist() == found[11:16]


def test_columns_of_words_and_numbers_sort_by_value_over_the_whole_list(connection: Connection) -> None:
    factories.topic(connection, "a", name="Bridges")
    factories.topic(connection, "b", name="Air")
    for number, topic in (("10", "a"), ("9", "b"), ("100", "a")):
        factories.appeal(connection, number=number, topic=topic)
    assert numbers(ListCriteria(sort="number")) == ["9", "10", "100"]
    assert numbers(ListCriteria(sort="number_last")) == ["100", "10", "9"]
    assert numbers(ListCriteria(sort="topic"))[0] == "9"
    assert numbers(ListCriteria(sort="topic_last"))[-1] == "9"


@pytest.mark.parametrize(
    ("cursor", "sort"),
    [
        ("", "deadline"),
        ("nonsense~1~2", "deadline"),
        ("2026-01-01~99999999999999999999~1", "deadline"),
        ("2026-01-01~1~99999999999", "deadline"),
        ("99999999999~1~1", "topic"),
        ("2026-01-01~1~1", "topic"),
        ("A\x00~1~1", "number"),
    ],
)
def test_a_cursor_of_another_order_or_out_of_bounds_is_none(cursor: str, sort: str) -> None:
    assert list_url.parse_cursor(cursor, sort) is None


@pytest.mark.parametrize(
    ("cursor", "sort"), [("infinity~1~2", "deadline"), ("A~B 7~1~2", "number"), ("7~1~2", "topic")]
)
def test_a_cursor_survives_the_address(cursor: str, sort: str) -> None:
    parsed = list_url.parse_cursor(cursor, sort)
    assert parsed is not None
    assert list_url.format_cursor(parsed) == cursor


@pytest.mark.usefixtures("appeals")
def test_the_first_of_the_list_are_those_of_its_order() -> None:
    page = open_list.list_page(EVERYTHING, ListCriteria(sort="newest"))
    first = open_list.first_versions(EVERYTHING, ListCriteria(sort="newest"), 2)
    assert first.to_numpy().tolist() == page[["region_id", "id", "version"]].head(2).to_numpy().tolist()


@pytest.mark.usefixtures("appeals")
def test_rows_stay_where_they_are_and_tell_what_became_of_them(connection: Connection) -> None:
    page = open_list.list_page(EVERYTHING)
    keys = tuple(AppealKey(int(row["region_id"]), int(row["id"])) for _, row in page.iterrows())
    connection.execute(
        text(
            "UPDATE appeal SET closed_at = now(), status_id = status.id FROM status"
            " WHERE status.code = 'answered' AND number = 'OVER'"
        )
    )
    shown = appeals_by_key(keys[::-1], "en")
    assert shown["number"].tolist() == ["FREE", "FINE", "RISK", "OVER", "LONG"]
    assert shown["state"].tolist() == ["no_deadline", "within", "at_risk", "closed", "overdue"]


@pytest.mark.usefixtures("appeals")
def test_the_neighbours_of_a_place_are_those_of_the_list() -> None:
    rows = {row["number"]: row for row in open_list.list_page(EVERYTHING).to_dict("records")}
    key = {number: AppealKey(row["region_id"], row["id"]) for number, row in rows.items()}
    over = open_list.row_cursor(rows["OVER"], DEFAULT_CRITERIA, "en")
    assert open_list.neighbour_keys(EVERYTHING, DEFAULT_CRITERIA, over) == (key["LONG"], key["RISK"])
    free = open_list.row_cursor(rows["FREE"], DEFAULT_CRITERIA, "en")
    assert free.value == "infinity"
    assert open_list.neighbour_keys(EVERYTHING, DEFAULT_CRITERIA, free) == (key["FINE"], None)


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("LON", ["LONG"]),
        ("lon", ["LONG"]),
        ("яма", ["OVER", "RISK"]),
        ("ямой дорогах", ["RISK"]),
        ("фонарь", ["OVER", "FINE"]),
        ("фона", ["OVER", "FINE"]),
        ("light", ["LONG", "FINE"]),
        ("ligth", ["LONG", "FINE"]),
        ("lights out street", ["LONG", "FINE"]),
        ("100%", ["FREE"]),
        ("%", []),
        ("___", []),
        ("' OR true; --", []),
        ("яма & ! | ( :* \\ фонарь", ["OVER"]),
        ("\x00", []),
        ("", ["LONG", "OVER", "RISK", "FINE", "FREE"]),
    ],
)
def test_words_are_found_in_any_form_and_signs_mean_nothing(
    connection: Connection, said: str, found: list[str]
) -> None:
    connection.execute(text("UPDATE topic SET name = 'Street light', names = '{}' WHERE code = 'light'"))
    assert sorted(numbers(ListCriteria(search_text=said))) == sorted(found)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Otpala je žbuka s pročelja", "zbuka"),
        ("Otpala je zbuka s procelja", "žbuka pročelja"),
        ("Autobus za Đurđevac ne vozi", "Durdevac"),
        ("Kładka w Łodzi", "kladka lodzi"),
        ("Işık yanmıyor, çöp ağaçta", "ISIK yanmiyor cop agacta"),
        ("Срубили ёлку", "елку"),
        ("Срубили елку", "ёлку"),
        ("Otpala je žbuka", "z\N{COMBINING CARON}buka"),
    ],
)
def test_accents_make_no_difference_to_a_search(connection: Connection, body: str, words: str) -> None:
    factories.appeal(connection, number="A", body=body)
    factories.appeal(connection, number="B", body="Something else")
    assert numbers(ListCriteria(search_text=words)) == ["A"]


def test_a_misspelt_topic_is_found_in_russian(connection: Connection) -> None:
    factories.topic(connection, "light", name="Уличное освещение")
    factories.topic(connection, "heat", name="Отопление")
    factories.appeal(connection, number="A", topic="light")
    factories.appeal(connection, number="B", topic="heat")
    assert numbers(ListCriteria(search_text="асвещение")) == ["A"]


def test_a_place_is_searched_for_where_no_text_has_the_words(connection: Connection) -> None:
    factories.appeal(connection, number="A", region="XB")
    factories.appeal(connection, number="B")
    connection.execute(text("UPDATE territory SET name = 'Đurđevac' WHERE code = 'XB'"))
    assert numbers(ListCriteria(search_text="durdevac")) == ["A"]


@pytest.mark.parametrize(
    ("number", "matches"), [("4", ["4", "42", "425"]), ("42", ["42", "425"]), ("425", ["425", "1425"])]
)
def test_a_number_is_found_whatever_its_length(connection: Connection, number: str, matches: list[str]) -> None:
    for other in ("4", "42", "425", "1425", "9"):
        factories.appeal(connection, number=other)
    assert sorted(numbers(ListCriteria(search_text=number))) == sorted(matches)


@pytest.mark.usefixtures("appeals")
def test_a_search_finds_only_what_the_viewer_sees(connection: Connection) -> None:
    facts: dict[str, object] = {"email": "b@example.org", "name": "B", "role": "manager", "territories": ["XB"]}
    who = people.save_person_as_owner(connection, None, facts)
    assert who
    found = people.person_of_sign_in("https://id.example.org", "b", "b@example.org")
    assert found
    with scope.acting_as(found.scope):
        assert numbers(ListCriteria(search_text="яма")) == ["RISK"]
        assert numbers(ListCriteria(search_text="OVER")) == []


def test_searching_needs_the_right_to_see_the_queue(connection: Connection) -> None:
    factories.appeal(connection)
    people.save_person_as_owner(
        connection, None, {"name": "Wall", "role": "screen", "everywhere": True, "email": "w@example.org"}
    )
    found = people.person_of_sign_in("https://id.example.org", "w", "w@example.org")
    assert found
    with scope.acting_as(found.scope), pytest.raises(Exception, match='this needs the right "queue"'):
        numbers(ListCriteria(search_text="яма"))


def test_a_turn_of_the_page_reads_by_the_order_s_own_index_although_row_security_watches(
    connection: Connection,
) -> None:
    connection.execute(text("TRUNCATE appeal CASCADE"))  # new files: what others left in an index counts in its cost
    factories.appeal(connection)
    factories.appeal(connection, received_at=NOW - DAY, closed_at=NOW)
    # As everywhere most are closed: else an index of all appeals costs no more than that of the open ones.
    connection.execute(
        text("""INSERT INTO appeal (region_id, source_id, number, channel_id, topic_id, regime_id, status_id,
            outcome_id, first_holder_id, holder_id, received_at, deadline_at, closed_at)
        SELECT region_id, source_id, CASE WHEN closed_at IS NULL THEN 'N' ELSE 'C' END || n, channel_id, topic_id,
            regime_id, status_id, outcome_id, first_holder_id, holder_id, now() - n * interval '1 minute',
            now() + n * interval '1 minute', CASE WHEN closed_at IS NOT NULL THEN now() END
        FROM appeal JOIN generate_series(1, 15000) AS n ON n <= 5000 OR closed_at IS NOT NULL""")
    )
    connection.execute(text("ANALYZE appeal"))
    for sort, index in (("deadline", "queue_due"), ("newest", "queue_received")):
        asked = executed_statements(
            partial(open_list.list_page, EVERYTHING, ListCriteria(sort=sort), Cursor(NOW.isoformat(), 1, 1))
        )
        of_appeals = [one for one in asked if "FROM appeal" in one.statement]
        assert [indexes_used(one, "appeal") for one in of_appeals] == [{index}]
    assert len(numbers(ListCriteria(search_text="N11"))) == min(open_list.PAGE_SIZE + 1, MAX_HITS)


@pytest.mark.usefixtures("connection")
def test_views_are_each_person_s_own() -> None:
    first = saved_views.save(" Late in Ugra ", "state=overdue&territory=RU-KHM")
    assert saved_views.save("Late in Ugra", "state=overdue") == first
    saved_views.save("Новые", "sort=newest")
    assert saved_views.own()[["name", "address"]].to_numpy().tolist() == [
        ["Late in Ugra", "state=overdue"],
        ["Новые", "sort=newest"],
    ]
    staff = people.person_of_sign_in(people.DEMO_ISSUER, "staff")
    assert staff
    with scope.acting_as(staff.scope):
        assert saved_views.own().empty
        with pytest.raises(DatabaseRefusal, match="There is no such view"):
            saved_views.rename(first, "Mine")
        with pytest.raises(DatabaseRefusal, match="There is no such view"):
            saved_views.delete(first)
    saved_views.rename(first, "Late")
    assert saved_views.own()["name"].tolist() == ["Late", "Новые"]
    saved_views.delete(first)
    assert saved_views.own()["name"].tolist() == ["Новые"]


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(("name", "address"), [("", "a"), (" ", "a"), ("x" * 61, "a"), ("x", "a" * 2001)])
def test_a_view_needs_a_name_and_a_short_address(name: str, address: str) -> None:
    with pytest.raises(DatabaseRefusal):
        saved_views.save(name, address)
