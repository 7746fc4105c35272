"""A cluster of similar appeals is named on the overview, leads to its appeals, and opens a problem of them."""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.database.access import people
from tests.support import factories
from tests.support.appeals.surges import alarm
from tests.support.appeals.text_clusters import cluster
from tests.support.screens.app_pages import run_page

DAY = timedelta(days=1)
NOON = datetime.combine(datetime.now(UTC).date() - DAY, time(12), UTC)
YESTERDAY = NOON.date()
LABEL = "“горячий обед · школа”"


@pytest.fixture
def members(connection: Connection) -> list[factories.AppealKey]:
    """Five appeals about hot meals, of which four say who wrote them."""
    factories.territory(connection, "XA-1", "municipality", "XA")
    bodies = [f"Нет горячих обедов, {name}, +7 912 345-67-8{n}." for n, name in enumerate(("Анна Иванова",) * 4)]
    return [
        factories.appeal(
            connection,
            topic="schools.meals",
            municipality="XA-1",
            body=body,
            received_at=NOON - n * DAY,
            number=f"M-{n}",
        )
        for n, body in enumerate([*bodies, "Нет горячих обедов."])
    ]


def texts(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption, *page.text))


def cluster_links(page: AppTest, target: str) -> list[dict[str, str]]:
    """The query parameters of the links of clusters to a page."""
    return [
        dict(parse_qsl(link.proto.query_string))
        for link in page.get("page_link")
        if link.proto.page == target and "cluster=" in link.proto.query_string
    ]


def test_a_cluster_leads_to_its_appeals_without_personal_data(
    connection: Connection, members: list[factories.AppealKey]
) -> None:
    first = cluster(connection, YESTERDAY - DAY, members[:4], "XA-1", "schools.meals")
    latest = cluster(connection, YESTERDAY, members, "XA-1", "schools.meals", episode=first)
    overview = run_page("overview", lang="en", channel="portal")
    assert f":material/forum: **{LABEL}** · schools.meals · XA-1" in texts(overview)
    assert "part of a surge" not in texts(overview)
    (params,) = cluster_links(overview, "regions")
    assert params["cluster"] == str(latest)
    assert "channel" not in params
    regions = run_page("regions", deep_link=False, **params)
    assert f"Appeals about {LABEL}" in texts(regions)
    assert "5 appeals within 7 days; usual 0–2; since" in texts(regions)
    assert sorted(regions.dataframe[0].value["number"]) == [f"M-{n}" for n in range(5)]
    samples = [element.value for element in regions.text if element.value.startswith("—")]
    assert len(samples) == 3
    assert not any(personal in sample for personal in ("Иванова", "912") for sample in samples)


def test_a_problem_is_opened_of_a_cluster(connection: Connection) -> None:
    factories.territory(connection, "RU-FD-URAL", "district")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL")
    people.create_demo_people(connection)
    members = [
        factories.appeal(connection, region="RU-KHM", topic="schools.meals", received_at=NOON - n * DAY)
        for n in range(5)
    ]
    alarm(connection, YESTERDAY, "RU-KHM", "schools")
    cluster_id = cluster(connection, YESTERDAY, members, "RU-KHM", "schools.meals", surge=("RU-KHM", "schools"))
    overview = run_page("overview", deep_link=False, **{"lang": "en", "as": "official"})
    assert "part of a surge" in texts(overview)
    (params,) = cluster_links(overview, "problems")
    page = run_page("problems", deep_link=False, **params)
    assert page.text_input(key="open-problem-title").value == "schools.meals: горячий обед, школа"
    assert LABEL in str(page.text_area(key="open-problem-description").value)
    next(button for button in page.button if button.label == "Open the problem").click().run()
    assert not page.exception
    since, topic, linked = connection.execute(
        text("SELECT since, topic.code, text_cluster_id FROM problem JOIN topic ON topic.id = topic_id")
    ).one()
    assert (since, topic, linked) == (YESTERDAY - 4 * DAY, "schools.meals", cluster_id)
    assert [link["cluster"] for link in cluster_links(page, "regions")] == [str(cluster_id)]
    assert "cluster" not in page.query_params


def test_a_cluster_of_another_place_and_an_old_one_are_not_listed(
    connection: Connection, members: list[factories.AppealKey]
) -> None:
    cluster(connection, YESTERDAY - 15 * DAY, members, "XA-1", "schools.meals")
    current = cluster(connection, YESTERDAY, members, "XA-1", "schools.meals")
    factories.appeal(connection, region="XB", received_at=NOON)
    overview = run_page("overview", lang="en")
    assert [params["cluster"] for params in cluster_links(overview, "regions")] == [str(current)]
    elsewhere = run_page("overview", lang="en", territory="XB")
    assert cluster_links(elsewhere, "regions") == []
    assert "Not known here, and ignored: cluster=999999" in texts(run_page("regions", lang="en", cluster="999999"))
    assert "cluster=x" in texts(run_page("regions", lang="en", cluster="x"))
