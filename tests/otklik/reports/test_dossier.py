"""A problem's dossier has what its page shows on a page, and a draft letter on another, and no text in it is markup."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import Connection, text

from components.problems.linked_appeals import linked_summary
from components.text.effect_text import effect_sentence
from otklik.database.access import scope
from otklik.i18n import formats, set_language
from otklik.progress import ignore_progress
from otklik.reports.dossier import STAGES, current_dossier
from otklik.reports.dossier_file import make_dossier, start_dossier
from queries.problems.linked_appeals import linked_appeals
from queries.problems.linked_standing import linked_standing
from queries.problems.problem_filters import problem_filters
from tests.support import factories
from tests.support.appeals.problems import event, person_scope, problem, remedy

pytestmark = pytest.mark.slow

HOSTILE = "#panic() $x$ *b* <a> @c =1+1"
DAY = timedelta(days=1)


def today() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(autouse=True)
def english() -> None:
    set_language("en")


@pytest.fixture
def number(connection: Connection) -> int:
    """A problem of the region XA with two towns: a remedy overdue, one done, a decision, and four appeals."""
    factories.territory(connection, "XA", name="Ugra")
    for town, name in (("XA-1", "Surgut"), ("XA-2", "Langepas")):
        factories.territory(connection, town, "municipality", name=name)
    factories.topic(connection, "roads", name="Roads")
    factories.topic(connection, "roads.surface", name="Surface")
    factories.organisation(connection, "works", name="Road works")
    since = today().date() - 20 * DAY
    number = problem(connection, title="Potholes come back", status="decided", since=since)
    remedy(connection, number, today().date() - 3 * DAY, title="Resurface", organisation="works")
    remedy(connection, number, today().date() + 9 * DAY, title="Print signs")
    remedy(connection, number, today().date() - 9 * DAY, title="Close the road", is_done=True)
    event(
        connection, number, "moved", "It pays to resurface", before={"status": "confirmed"}, after={"status": "decided"}
    )
    event(connection, number, "comment", "Call Anna on 8 900 123-45-67")
    late: dict[str, Any] = {"received_at": today() - 5 * DAY, "deadline_at": today() - DAY}
    for town, columns in (("XA-1", late), ("XA-1", late), ("XA-2", late | {"deadline_at": today() + DAY})):
        factories.appeal(connection, topic="roads.surface", municipality=town, holder="works", **columns)
    closed: dict[str, Any] = {"received_at": today() - 4 * DAY, "closed_at": today() - DAY}
    factories.appeal(connection, topic="roads.surface", municipality="XA-2", **closed)
    factories.appeal(connection, topic="roads.surface", received_at=today() - 30 * DAY)
    return number


def pages_of(number: int, language: str = "en") -> list[str]:
    """The text of each page, with single spaces."""
    content = make_dossier(number, language, ignore_progress)
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def test_the_first_page_has_what_the_screen_shows(number: int) -> None:
    dossier = current_dossier(number, "en", ignore_progress)
    filters = problem_filters("XA", "roads.surface", dossier.problem.since)
    first, letter = pages_of(number)
    assert dossier.linked.received == linked_appeals(filters).received == dossier.standing.received == 4
    assert dossier.standing.open == dossier.linked.open == 3
    assert linked_summary(dossier.linked) == "4 appeals since the first day, 3 of them open"
    for page in (first, letter):
        assert f"Ugra: 4 appeals on “{dossier.problem.topic}” have been received since" in page
        assert "Open: 3, of these overdue: 2." in page
    assert "Potholes come back" in first
    assert "Decided" in first
    assert "Owner: nobody yet" in first
    assert "Surgut 2 2 2" in first
    assert "Langepas 2 1 0" in first
    assert "Road works 3 3 2" in first
    assert f"overdue, was due {formats.day(today().date() - 3 * DAY)}" in first
    (effect,) = dossier.effects.values()
    assert effect_sentence(effect) in first.replace("’", "'")
    assert "Irina Confirmed → Decided It pays to resurface" in first
    assert "As of" in first
    assert "(UTC)" in first
    # Comments are no decisions, and can hold anything.
    assert "Anna" not in first + letter


def test_the_letter_goes_to_whoever_has_the_next_remedy_to_do(connection: Connection, number: int) -> None:
    letter = pages_of(number)[1]
    assert "To: Road works" in letter
    assert "On: Potholes come back" in letter
    assert f"Resurface, due {formats.day(today().date() - 3 * DAY)}" in letter
    assert "That day is over: please tell us without delay" in letter
    assert "Print signs" not in letter
    assert "Seen by many" in letter
    connection.execute(text("UPDATE problem_remedy SET done_at = now(), note = 'Done' WHERE done_at IS NULL"))
    letter = pages_of(number)[1]
    assert "To: On: Potholes come back" in letter
    assert "say what will be done" in letter


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", ("Досье проблемы", "Проект письма", "Кому: Road works")), ("hr", ("Dosje problema", "Nacrt dopisa"))],
)
def test_it_speaks_each_language(number: int, language: str, words: tuple[str, ...]) -> None:
    set_language(language)
    pages = " ".join(pages_of(number, language))
    set_language("en")
    assert [word for word in words if word not in pages] == []


def test_text_that_looks_like_markup_stays_text(connection: Connection, number: int) -> None:
    connection.execute(text("UPDATE problem SET title = :t, description = :t"), {"t": HOSTILE})
    connection.execute(text("UPDATE problem_remedy SET title = :t WHERE title = 'Resurface'"), {"t": HOSTILE})
    event(connection, number, "moved", HOSTILE, before={"status": "found"}, after={"status": "confirmed"})
    first, letter = pages_of(number)
    for page, times in ((first, 4), (letter, 3)):
        assert [page.count(word) >= times for word in HOSTILE.split()] == [True] * len(HOSTILE.split())


def test_the_longest_texts_fit_on_a_page_each(connection: Connection, number: int) -> None:
    long_text = ("A long sentence about roads. " * 40)[:1000]
    connection.execute(
        text("UPDATE problem SET title = :title, description = :text"), {"title": "W" * 200, "text": long_text}
    )
    for order in range(12):
        remedy(connection, number, today().date() + (order + 20) * DAY, title=("Resurface " * 20).strip())
        event(connection, number, "moved", long_text, before={"status": "found"}, after={"status": "confirmed"})
    first, letter = pages_of(number)
    assert "Page 1 of 2" in first
    assert "… and 9 more" in first
    assert "Page 2 of 2" in letter
    connection.execute(text("UPDATE problem_remedy SET organisation_id = NULL, responsible = 'Road office'"))
    letter = pages_of(number)[1]
    assert "… and 8 more" in letter
    assert "what remains" in letter


def test_whoever_does_not_see_the_problem_gets_no_dossier(connection: Connection, number: int) -> None:
    with scope.acting_as(person_scope(connection, "manager", "XB")), pytest.raises(LookupError):
        make_dossier(number, "en", ignore_progress)
    with scope.acting_as(person_scope(connection, "manager", "XA")):
        job = start_dossier(number, "en")
    assert job.content(timeout=60).startswith(b"%PDF")
    assert job.done == job.total == len(STAGES)
    entry = connection.execute(text("SELECT action, object, person FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert tuple(entry)[:2] == ("dossier exported", f"problem {number}")
    assert "manager" in entry.person


@pytest.mark.usefixtures("number")
def test_places_are_towns_of_a_region_and_regions_of_a_country_and_none_of_a_town(connection: Connection) -> None:
    factories.appeal(connection, region="XB", topic="roads.surface", received_at=today() - DAY)
    since = today().date() - 20 * DAY
    standing = linked_standing(problem_filters("XA-1", "roads.surface", since))
    assert (standing.received, standing.open, standing.overdue, len(standing.places)) == (2, 2, 2, 0)
    region = linked_standing(problem_filters("XA", "roads.surface", since))
    country = linked_standing(problem_filters("X", "roads.surface", since))
    assert list(region.places["name"]) == ["Surgut", "Langepas"]
    assert list(country.places["name"]) == ["Ugra", "XB"]
