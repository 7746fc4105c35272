"""The cubes and the views of facts that queries read, as the migrations made them.

A cube has one row per cell: a territory, a local day and the ids that it is counted by. Its view `NAME` adds the folded
cells and the fresh facts up to what is true now; `NAME_folded` has the folded cells alone.
"""

from sqlalchemy import BigInteger, Date, Integer, SmallInteger

from otklik.database.cubes.measures import MEASURES, measures_in
from otklik.database.functions.votes import AGE_BANDS, FEMALE, MALE, UNKNOWN
from otklik.database.tables import relation, subject_columns, timestamptz

# Whole days of 24 hours from receipt to close that are told apart; a longer time counts as this many.
MAX_CLOSE_DAYS = 60
_measure_columns = {name: BigInteger if name == "answer_seconds" else Integer for name in MEASURES}
_open_columns = {"received_day": Date, "risk_day": Date, "deadline_day": Date, "appeals": Integer}

# What happened on a day.
cube_place = relation("cube_place", territory_id=Integer, day=Date, **_measure_columns)
cube_topic = relation("cube_topic", territory_id=Integer, day=Date, topic_id=Integer, **_measure_columns)
cube_holder = relation("cube_holder", territory_id=Integer, day=Date, holder_id=Integer, **_measure_columns)
cube_intake = relation(
    "cube_intake", territory_id=Integer, day=Date, channel_id=SmallInteger, regime_id=SmallInteger, **_measure_columns
)
# Appeals closed on a day, by the bucket of their answer time: row `buckets` has those from 32 times that number on, one
# column each, NULL for none. Appeals received on a day, by the local hour.
BUCKETS_PER_ROW = 32
cube_answer = relation(
    "cube_answer",
    territory_id=Integer,
    day=Date,
    buckets=SmallInteger,
    **{f"appeals_{number}": Integer for number in range(BUCKETS_PER_ROW)},
)
cube_hour = relation("cube_hour", territory_id=Integer, day=Date, hour=SmallInteger, appeals=Integer)
# Appeals closed on a day, and ratings given on it, by the class of the answer's time (see
# queries.satisfaction.by_answer_time); without ratings of answers that a later one has replaced.
cube_wait = relation(
    "cube_wait", territory_id=Integer, day=Date, wait=SmallInteger, **dict.fromkeys(measures_in("cube_wait"), Integer)
)
# Appeals received on a day, by the whole days after which they were closed: one column per number of days.
cube_course = relation(
    "cube_course", territory_id=Integer, day=Date, **{f"closed_{n}": Integer for n in range(MAX_CLOSE_DAYS + 1)}
)
# Appeals recorded in a way that casts doubt on the figures.
cube_doubt = relation("cube_doubt", territory_id=Integer, day=Date, **dict.fromkeys(measures_in("cube_doubt"), Integer))
# Appeals received on a day, by the whole local days after which they were closed, for each number of days up to 60:
# `resolved_N`, and `other_N` with another outcome; NULL for none. They are columns of the cells above.
_age_columns = {f"{kind}_{age}": Integer for kind in ("resolved", "other") for age in range(MAX_CLOSE_DAYS + 1)}
age_place = relation("age_place", territory_id=Integer, day=Date, **_age_columns)
age_topic = relation("age_topic", territory_id=Integer, day=Date, topic_id=Integer, **_age_columns)
age_holder = relation("age_holder", territory_id=Integer, day=Date, holder_id=Integer, **_age_columns)
age_intake = relation(
    "age_intake", territory_id=Integer, day=Date, channel_id=SmallInteger, regime_id=SmallInteger, **_age_columns
)

# What is open now, by the days that decide its age and its deadline state.
open_place = relation("open_place", territory_id=Integer, status_id=SmallInteger, **_open_columns)
open_topic = relation("open_topic", territory_id=Integer, topic_id=Integer, **_open_columns)
open_holder = relation("open_holder", territory_id=Integer, holder_id=Integer, **_open_columns)
open_intake = relation(
    "open_intake", territory_id=Integer, channel_id=SmallInteger, regime_id=SmallInteger, **_open_columns
)
open_due = relation(
    "open_due", territory_id=Integer, deadline_day=Date, risk_day=Date, overdue_day=Date, appeals=Integer
)
# How many are open now, without any day: at each status of a topic, and with each holder.
open_stage = relation("open_stage", territory_id=Integer, topic_id=Integer, status_id=SmallInteger, appeals=Integer)
open_held = relation("open_held", territory_id=Integer, holder_id=Integer, appeals=Integer)

# Folded cells of 1, 8 and 64 days (`span`), each from its first `day` on, with the ages; what is still fresh isn't in
# them.
spanned_cubes = {
    cube.name: relation(
        f"{cube.name}_folded",
        **{column.name: column.type for column in cube.columns},
        **_age_columns,
        span=SmallInteger,
    )
    for cube in (cube_place, cube_topic, cube_holder)
}
# The folded cells that have the ages of each cube of ages; those of channels and regimes are single days.
age_cells = {
    "age_place": spanned_cubes["cube_place"],
    "age_topic": spanned_cubes["cube_topic"],
    "age_holder": spanned_cubes["cube_holder"],
    "age_intake": relation(
        "cube_intake_folded", **{column.name: column.type for column in cube_intake.columns}, **_age_columns
    ),
}
# Folded cells of municipalities and topics, of 16 days each.
cube_town = relation(
    "cube_town_folded",
    territory_id=Integer,
    day=Date,
    topic_id=Integer,
    **dict.fromkeys(measures_in("cube_town"), Integer),
    span=SmallInteger,
)

# The same facts computed from the appeals: one row per appeal and moment that counts for a measure, one per rating of
# an earlier answer, and one per open appeal. They are the truth that cubes are verified against, and answer what no
# cube can.
fact = relation(
    "fact",
    **subject_columns,
    place_id=Integer,
    day=Date,
    hour=SmallInteger,
    bucket=SmallInteger,
    wait=SmallInteger,
    at=timestamptz,
    reached_at=timestamptz,
    **_measure_columns,
)
open_fact = relation("open_fact", **subject_columns, place_id=Integer, status_id=SmallInteger, **_open_columns)
# One row per appeal closed within 60 days of its receipt: the local day of receipt, the age at the close in whole local
# days, and 1 in `resolved` or in `other`. `at` is the receipt.
close_age = relation(
    "close_age",
    **subject_columns,
    place_id=Integer,
    day=Date,
    age=SmallInteger,
    resolved=Integer,
    other=Integer,
    at=timestamptz,
)
close_age_fresh = relation(
    "close_age_fresh",
    **subject_columns,
    place_id=Integer,
    day=Date,
    age=SmallInteger,
    resolved=Integer,
    other=Integer,
)
# What statements added (1) and took away (-1) since the last fold.
fact_fresh = relation("fact_fresh", **subject_columns, place_id=Integer, day=Date, **_measure_columns)

# Ballots cast on a local day of the poll's territory. Ballots and answers by channel, and by the part of the territory
# from which they came, with a column for each age band and sex, NULL for none. Question and option 0 are the ballots
# themselves, option 0 of a question answers in words. Part 0 isn't known, -1 lies outside of the poll's territory. See
# otklik.database.functions.votes for age bands and sexes.
VOTER_AGE_BANDS = (UNKNOWN, *AGE_BANDS)
VOTER_SEXES = (UNKNOWN, MALE, FEMALE)
VOTER_GROUPS = {f"age_{band}_sex_{sex}": (band, sex) for band in VOTER_AGE_BANDS for sex in VOTER_SEXES}
_vote_columns = {"poll_id": Integer, "question_id": Integer, "option_id": Integer}
poll_turnout = relation("poll_turnout", poll_id=Integer, day=Date, territory_id=Integer, ballots=Integer)
poll_channel_votes = relation(
    "poll_channel_votes", **_vote_columns, channel_id=SmallInteger, territory_id=Integer, ballots=Integer
)
poll_group_votes = relation(
    "poll_group_votes",
    **_vote_columns,
    part_id=Integer,
    territory_id=Integer,
    **dict.fromkeys(VOTER_GROUPS, Integer),
)
