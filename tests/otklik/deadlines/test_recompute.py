"""Deadlines of appeals in the database: recomputed by its rules, and explained."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from components.appeal.deadline_steps import step_sentences
from otklik.database.access import scope
from otklik.database.engine import database_engine
from otklik.database.transactions import read_transaction
from otklik.deadlines.appeal_deadline import explained_deadline
from otklik.deadlines.recompute import apply_deadlines, recomputed_deadlines
from otklik.i18n import LANGUAGES, set_language
from tests.support import factories
from tests.support.appeals.demo import demo_database

RECEIVED = datetime(2026, 6, 1, 9, tzinfo=UTC)
DUE = datetime(2026, 6, 21, 18, 59, 59, tzinfo=UTC)
"""The end of the twentieth day after, in the time zone of Ugra."""
SETTING_SOURCE = "What happens to a last day off is a setting of the regime; its source:"
LAW59_SOURCE = (
    "59-FZ, article 12, names no rule; the working day before is in time by every reading."
    " Article 193 of the Civil Code, by analogy, would allow the next."
)


@pytest.fixture
def ugra(connection: Connection) -> Connection:
    factories.territory(connection, "RU", "country", timezone="Europe/Moscow")
    factories.territory(connection, "RU-KHM", "region", "RU", "Asia/Yekaterinburg")
    return connection


def appeal(connection: Connection, **columns: object) -> factories.AppealKey:
    return factories.appeal(connection, region="RU-KHM", **{"received_at": RECEIVED, "deadline_at": DUE, **columns})  # type: ignore[arg-type]


def sentences(key: factories.AppealKey) -> list[str]:
    with read_transaction() as connection:
        explanation = explained_deadline(connection, *key)
    assert explanation
    return step_sentences(explanation.steps)


def test_each_step_is_a_sentence(ugra: Connection) -> None:
    key = appeal(ugra, regime="law59", registered_at=RECEIVED + timedelta(days=4))
    factories.event(ugra, key, "redirected", at=RECEIVED + timedelta(days=5), after={"holder": "office"})
    deadline = {"deadline": "2026-07-20T18:59:59Z"}
    factories.event(ugra, key, "extended", at=RECEIVED + timedelta(days=20), after=deadline)
    ugra.execute(text("UPDATE appeal SET deadline_at = '2026-07-20T18:59:59Z'"))
    assert sentences(key) == [
        "Received: 1 June 2026, 14:00.",
        "Registered: 5 June 2026, 14:00.",
        "Rule “59-FZ, article 12”: 30 calendar days after 5 June 2026.",
        "The last day is 5 July 2026.",
        "5 July 2026 is a day off: the last day is the working day before, 3 July 2026.",
        f"{SETTING_SOURCE} {LAW59_SOURCE}",
        "Redirected on 6 June 2026: the clock runs on.",
        "Extended on 21 June 2026: the deadline was set to 20 July 2026, 23:59.",
    ]


@pytest.mark.parametrize(("last_day", "due"), [("keep", 5), ("next", 6), ("previous", 3)])
def test_a_last_day_off_goes_where_the_regime_says(ugra: Connection, last_day: str, due: int) -> None:
    change = (
        "UPDATE last_day_setting SET last_day = :last_day, source = 'Order 45.', sources = '{}' WHERE regime = 'law59'"
    )
    ugra.execute(text(change), {"last_day": last_day})
    key = appeal(ugra, regime="law59", registered_at=RECEIVED + timedelta(days=4))
    (((recomputed,),),) = ([batch] for batch in recomputed_deadlines(ugra))
    assert recomputed.new_deadline == datetime(2026, 7, due, 18, 59, 59, tzinfo=UTC)
    apply_deadlines(ugra, [recomputed])
    where = {
        "keep": "and stays the last day.",
        "next": "the last day is the next working day, 6 July 2026.",
        "previous": "the last day is the working day before, 3 July 2026.",
    }[last_day]
    *_, moved, source, end = sentences(key)
    assert moved.startswith("5 July 2026 is a day off")
    assert moved.endswith(where)
    assert source == f"{SETTING_SOURCE} Order 45."
    assert end.startswith(f"The deadline is the end of {due} July 2026")


def test_an_extension_is_explained_from_the_unmoved_last_day(ugra: Connection) -> None:
    key = appeal(ugra, regime="law59", registered_at=RECEIVED + timedelta(days=4))
    deadline = {"days": 30, "deadline": "2026-08-04T18:59:59Z"}
    factories.event(ugra, key, "extended", at=RECEIVED + timedelta(days=20), after=deadline)
    ugra.execute(text("UPDATE appeal SET deadline_at = '2026-08-04T18:59:59Z', set_here = '{deadline}'"))
    assert sentences(key)[-3:] == [
        "Extended on 21 June 2026 by 30 calendar days, counted from 5 July 2026.",
        "The last day is 4 August 2026.",
        "The deadline is the end of 4 August 2026 in the time zone Yekaterinburg (UTC+5).",
    ]


@pytest.mark.parametrize(
    ("topic", "rule", "due"),
    [
        ("migration", "ru.law59.migration", datetime(2026, 6, 19, 18, 59, 59, tzinfo=UTC)),  # not Sunday the 21st
        ("migration.stay", "ru.law59.migration", datetime(2026, 6, 19, 18, 59, 59, tzinfo=UTC)),
        ("roads", "ru.law59", datetime(2026, 7, 1, 18, 59, 59, tzinfo=UTC)),
    ],
)
def test_matters_of_migration_have_twenty_days(ugra: Connection, topic: str, rule: str, due: datetime) -> None:
    appeal(ugra, regime="law59", topic=topic, registered_at=RECEIVED)
    (((recomputed,),),) = ([batch] for batch in recomputed_deadlines(ugra))
    assert (recomputed.rule.code, recomputed.new_deadline) == (rule, due)


def test_an_undone_extension_is_not_explained(ugra: Connection) -> None:
    key = appeal(ugra)
    later = {"deadline": "2026-07-01T18:59:59Z"}
    factories.event(ugra, key, "extended", at=RECEIVED + timedelta(days=1), after=later)
    before = {"deadline": "2026-06-21T18:59:59Z"}
    factories.event(ugra, key, "undone", at=RECEIVED + timedelta(days=2), before=later, after=before)
    assert sentences(key)[-4:] == [
        "The last day is 21 June 2026.",
        "21 June 2026 is a day off, and stays the last day.",
        f"{SETTING_SOURCE} the Feedback Platform, whose planned dates are calendar days.",
        "The deadline is the end of 21 June 2026 in the time zone Yekaterinburg (UTC+5).",
    ]


@pytest.mark.parametrize(
    ("columns", "last"),
    [
        ({}, "The appeal has 22 June 2026, 23:59 so far: that holds until deadlines are recalculated."),
        ({"set_here": ["deadline"]}, "A person set it to 22 June 2026, 23:59: that holds."),
        ({"source": "pos"}, "“Feedback Platform”, where the appeal comes from, says 22 June 2026, 23:59: that holds."),
    ],
)
def test_a_deadline_that_differs_from_the_rules_is_explained(
    ugra: Connection, columns: dict[str, object], last: str
) -> None:
    assert sentences(appeal(ugra, deadline_at=DUE + timedelta(days=1), **columns))[-1] == last


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_are_sentences_in_each_language(ugra: Connection, language: str) -> None:
    key = appeal(ugra, regime="law59", registered_at=RECEIVED)
    set_language(language)
    try:
        explanation = sentences(key)
    finally:
        set_language("en")
    last = {
        "en": "The deadline is the end of 1 July 2026 in the time zone Yekaterinburg (UTC+5).",
        "ru": "Срок истекает в конце дня 1 июля 2026 г. по часовому поясу Екатеринбург (UTC+5).",
        "hr": "Rok je kraj dana 1. srpnja 2026. u vremenskoj zoni Jekaterinburg (UTC+5).",
    }
    assert " ".join(explanation[4].split()) == last[language]
    rule = {"en": "30 calendar days", "ru": "30 календарных дней", "hr": "30 kalendarskih dana"}
    assert rule[language] in explanation[2]
    assert not any("{" in sentence or ".." in sentence for sentence in explanation)


def test_an_appeal_out_of_territory_is_not_explained(ugra: Connection) -> None:
    key = appeal(ugra)
    with scope.acting_as(None), read_transaction() as connection:
        assert explained_deadline(connection, *key) is None


def test_the_most_specific_rule_applies(ugra: Connection) -> None:
    rule = """INSERT INTO deadline_rule (code, name, country, regime, topic, spans)
        VALUES (:code, :code, :country, :regime, :topic, '{"answer": {"days": 1}}')"""
    for code, country, regime, topic in [
        ("category", "RU", "ordinary", "roads"),
        ("fact anywhere", None, "ordinary", "roads.winter.snow"),
        ("no regime", "RU", None, "roads.winter.snow"),
        ("fact", "RU", "fast", "roads.winter.snow"),
    ]:
        ugra.execute(text(rule), {"code": code, "country": country, "regime": regime, "topic": topic})
    rules = {}
    for regime, topic, region in [
        ("ordinary", "roads.winter.snow", "RU-KHM"),
        ("ordinary", "roads.winter.ice", "RU-KHM"),
        ("ordinary", "housing", "RU-KHM"),
        ("ordinary", "housing", "XA"),
        ("fast", "roads.winter.snow", "RU-KHM"),
        ("fast", "roads.winter.snow", "XA"),
        ("law59", "roads.winter.snow", "RU-KHM"),
    ]:
        factories.appeal(ugra, regime=regime, topic=topic, region=region, received_at=RECEIVED)
        *_, (*_, last) = recomputed_deadlines(ugra, batch_size=1)
        rules[regime, topic, region] = last.rule.code
        ugra.execute(text("DELETE FROM appeal"))
    assert list(rules.values()) == ["fact anywhere", "category", "ru.ordinary", "any", "fact", "any", "ru.law59"]


def test_deadlines_set_by_people_and_other_systems_are_kept(ugra: Connection) -> None:
    wrong = DUE + timedelta(days=9)
    own = appeal(ugra, number="MINE", deadline_at=wrong)
    appeal(ugra, number="HERE", deadline_at=wrong, set_here=["deadline"])
    appeal(ugra, number="POS", deadline_at=wrong, source="pos")
    appeal(ugra, number="DONE", deadline_at=wrong, closed_at=wrong)
    appeal(ugra, number="RIGHT")
    computed = [row for batch in recomputed_deadlines(ugra, batch_size=1) for row in batch]
    assert [(row.number, row.old_deadline, row.new_deadline) for row in computed] == [
        ("MINE", wrong, DUE),
        ("RIGHT", DUE, DUE),
    ]
    assert apply_deadlines(ugra, computed[:1]) == {tuple(own)}
    # The stored deadline has changed since.
    assert apply_deadlines(ugra, computed[:1]) == set()
    set_now = "SELECT number, deadline_at FROM appeal WHERE deadline_at <> :wrong ORDER BY number"
    assert [tuple(row) for row in ugra.execute(text(set_now), {"wrong": wrong})] == [("MINE", DUE), ("RIGHT", DUE)]
    (line,) = ugra.execute(text("SELECT * FROM event")).mappings()
    assert (line["kind"], line["actor"]) == ("note", "otklik")
    assert line["reason"] == "deadline worked out anew by the rule ru.ordinary"
    assert [datetime.fromisoformat(line[side]["deadline"]) for side in ("before", "after")] == [wrong, DUE]
    others = [row.number for batch in recomputed_deadlines(ugra, ["pos"]) for row in batch]
    assert others == ["POS"]


def test_the_deadlines_of_the_demo_are_those_of_its_rules() -> None:
    with demo_database(5000, date(2026, 5, 12)) as url:
        engine = database_engine(url)
        with engine.connect() as demo:
            computed = [row for batch in recomputed_deadlines(demo) for row in batch]
        engine.dispose()
    assert len(computed) > 100
    assert [row for row in computed if row.old_deadline != row.new_deadline] == []


def test_a_deadline_that_a_person_took_away_is_not_explained(ugra: Connection) -> None:
    key = appeal(ugra, deadline_at=None)
    with read_transaction() as connection:
        assert explained_deadline(connection, *key) is not None  # the rule's, until deadlines are recomputed
    ugra.execute(text("UPDATE appeal SET set_here = '{deadline}'"))
    with read_transaction() as connection:
        assert explained_deadline(connection, *key) is None
