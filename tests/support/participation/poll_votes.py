"""Polls with many votes: of two towns that disagree, with who lives in them; and with a burst of planted votes."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection, text

from otklik.database.functions.votes import AGE_BANDS, FEMALE, MALE, Answer
from tests.support.participation.polls import DAY, Question, poll, question, vote

PLANTED = 40
CLEAN_DAYS, CLEAN_A_DAY = 19, 15
LIVING_SQL = text(
    "INSERT INTO population_group (territory_id, age_band, sex, people, source) VALUES (:town, :band, :sex, :n, 'test')"
)
BALLOT_SQL = text(
    "INSERT INTO poll_ballot (poll_id, voter, cast_at, channel_id) SELECT :poll, sha256(CAST(:name AS bytea)), :at,"
    " (SELECT min(id) FROM channel) RETURNING id"
)
ANSWER_SQL = text(
    "INSERT INTO poll_answer (ballot_id, poll_id, question_id, kind, option_id)"
    " SELECT :ballot, poll_id, id, kind, :option FROM poll_question WHERE id = :question"
)


def populate(connection: Connection, towns: list[int]) -> None:
    """Three in four live in the first town; as many of each age and sex."""
    for town, n in zip(towns, (3000, 1000), strict=True):
        for band in AGE_BANDS:
            for sex in (MALE, FEMALE):
                connection.execute(LIVING_SQL, {"town": town, "band": band, "sex": sex, "n": n})


def divided_poll(connection: Connection, towns: list[int], territory: str = "XA") -> int:
    """280 votes, as many of each town, age and sex: in the first town all say yes, in the other one nobody."""
    poll_id = poll(connection, territory)
    single = question(connection, poll_id, "single", "Yes", "No")
    for number in range(280):
        town, band, sex = number % 2, AGE_BANDS[number // 2 % 7], MALE if number // 14 % 2 else FEMALE
        answer = Answer(single.id, single.options[town])
        vote(connection, poll_id, number, [answer], municipality_id=towns[town], age_band=band, sex=sex)
    return poll_id


def manipulated_poll(connection: Connection, territory: str = "XA") -> int:
    """19 days with 15 votes each from nine to five, 152 yes in all; and 40 yes within ten minutes of an evening."""
    now = datetime.now(UTC)
    poll_id = poll(connection, territory, opens_at=now - 21 * DAY)
    single = question(connection, poll_id, "single", "Yes", "No")
    scale = question(connection, poll_id, "scale", "1", "2", "3")
    first_day = datetime.combine((now - 20 * DAY).date(), time(9), UTC)
    for day in range(CLEAN_DAYS):
        for number in range(CLEAN_A_DAY):
            at = first_day + day * DAY + timedelta(minutes=32 * number + 7 * (day % 4))
            _cast(connection, poll_id, at, (single, number % 2), (scale, (number + day) % 3))
    for number in range(PLANTED):
        at = first_day + 8 * DAY + timedelta(hours=10, seconds=15 * number)
        _cast(connection, poll_id, at, (single, 0), (scale, number % 3))
    return poll_id


def _cast(connection: Connection, poll_id: int, at: datetime, *answers: tuple[Question, int]) -> None:
    """A vote of a moment in the past."""
    ballot = connection.execute(BALLOT_SQL, {"poll": poll_id, "name": f"{at}".encode(), "at": at}).scalar_one()
    for asked, option in answers:
        values = {"ballot": ballot, "question": asked.id, "option": asked.options[option]}
        connection.execute(ANSWER_SQL, values)
