"""The tables and views that queries read, as the migrations made them."""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, DateTime, Double, Integer, MetaData, SmallInteger, Text
from sqlalchemy import Table as Relation
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
timestamptz = DateTime(timezone=True)


def _relation(name: str, /, **columns: Any) -> Relation:
    return Relation(name, metadata, *(Column(column, column_type) for column, column_type in columns.items()))


_name_columns = {"id": Integer, "code": Text, "name": Text, "names": JSONB}

territory = _relation(
    "territory",
    **_name_columns,
    parent_id=Integer,
    level=Text,
    timezone=Text,
    population=Integer,
    lon=Double,
    lat=Double,
)
territory_above = _relation("territory_above", territory_id=Integer, above_id=Integer)
organisation = _relation("organisation", **_name_columns, parent_id=Integer, territory_id=Integer, level=Text)
topic = _relation("topic", **_name_columns, parent_id=Integer, level=SmallInteger)
source = _relation("source", **_name_columns)
channel = _relation("channel", **_name_columns)
regime = _relation("regime", **_name_columns)
outcome = _relation("outcome", **_name_columns, resolved=Boolean)
stage = _relation("stage", **_name_columns, position=SmallInteger)
status = _relation("status", **_name_columns, stage_id=SmallInteger, is_open=Boolean)
demo_run = _relation("demo_run", id=Integer, seed=BigInteger, as_of=Date, appeals=Integer)
setting = _relation("setting", name=Text, value=JSONB)

_subject_columns = {
    "region_id": Integer,
    "topic_id": Integer,
    "holder_id": Integer,
    "channel_id": SmallInteger,
    "regime_id": SmallInteger,
}
appeal = _relation(
    "appeal",
    **_subject_columns,
    id=BigInteger,
    source_id=SmallInteger,
    number=Text,
    municipality_id=Integer,
    status_id=SmallInteger,
    outcome_id=SmallInteger,
    first_holder_id=Integer,
    received_at=timestamptz,
    registered_at=timestamptz,
    deadline_at=timestamptz,
    closed_at=timestamptz,
    rated_at=timestamptz,
    updated_at=timestamptz,
    risk_at=timestamptz,
    lon=Double,
    lat=Double,
    reopened=SmallInteger,
    rating=SmallInteger,
    is_open=Boolean,
    body=Text,
    set_here=ARRAY(Text),
)
event = _relation(
    "event",
    region_id=Integer,
    id=BigInteger,
    appeal_id=BigInteger,
    at=timestamptz,
    kind=Text,
    actor=Text,
    reason=Text,
    before=JSONB,
    after=JSONB,
)

saved_view = _relation("saved_view", id=Integer, person_id=Integer, name=Text, address=Text, saved_at=timestamptz)

audit = _relation(
    "audit",
    id=BigInteger,
    at=timestamptz,
    person_id=Integer,
    person=Text,
    address=Text,
    action=Text,
    object=Text,
    reason=Text,
    before=JSONB,
    after=JSONB,
)

# How many of those received on a day were closed within so many whole days of 24 hours, those of 60 and more together.
MAX_CLOSE_DAYS = 60
cube_course = _relation(
    "cube_course", territory_id=Integer, day=Date, **{f"closed_{n}": Integer for n in range(MAX_CLOSE_DAYS + 1)}
)
# Appeals recorded in a way that work is seldom done in: by the day of their close, the last two of their receipt.
QUALITY_MEASURES = ("at_once", "at_last", "explained", "explained_reopened", "disordered", "placeless")
cube_doubt = _relation("cube_doubt", territory_id=Integer, day=Date, **dict.fromkeys(QUALITY_MEASURES, Integer))

# What is counted on a day; the figures are made of these.
MEASURES = (
    "received",
    "received_resolved",
    "redirected",
    "closed",
    "resolved",
    "on_time",
    "late",
    "reopened",
    "rated_1",
    "rated_2",
    "rated_3",
    "rated_4",
    "rated_5",
    "answer_seconds",
    "late_due",
)
_measure_columns = {name: BigInteger if name == "answer_seconds" else Integer for name in MEASURES}
_open_columns = {"received_day": Date, "risk_day": Date, "deadline_day": Date, "appeals": Integer}

cube_place = _relation("cube_place", territory_id=Integer, day=Date, **_measure_columns)
cube_topic = _relation("cube_topic", territory_id=Integer, day=Date, topic_id=Integer, **_measure_columns)
cube_holder = _relation("cube_holder", territory_id=Integer, day=Date, holder_id=Integer, **_measure_columns)
cube_intake = _relation(
    "cube_intake", territory_id=Integer, day=Date, channel_id=SmallInteger, regime_id=SmallInteger, **_measure_columns
)
cube_answer = _relation("cube_answer", territory_id=Integer, day=Date, bucket=SmallInteger, appeals=Integer)
cube_hour = _relation("cube_hour", territory_id=Integer, day=Date, hour=SmallInteger, appeals=Integer)
cube_wait = _relation(
    "cube_wait",
    territory_id=Integer,
    day=Date,
    wait=SmallInteger,
    **dict.fromkeys(("closed", *(f"rated_{n}" for n in range(1, 6))), Integer),
)
open_place = _relation("open_place", territory_id=Integer, status_id=SmallInteger, **_open_columns)
open_topic = _relation("open_topic", territory_id=Integer, topic_id=Integer, **_open_columns)
open_holder = _relation("open_holder", territory_id=Integer, holder_id=Integer, **_open_columns)
open_intake = _relation(
    "open_intake", territory_id=Integer, channel_id=SmallInteger, regime_id=SmallInteger, **_open_columns
)
# Open now, counted by nothing else: at each status of a topic, and with each holder.
open_stage = _relation("open_stage", territory_id=Integer, topic_id=Integer, status_id=SmallInteger, appeals=Integer)
open_held = _relation("open_held", territory_id=Integer, holder_id=Integer, appeals=Integer)
# Open now, by the days that decide when they are overdue and at risk.
open_due = _relation(
    "open_due", territory_id=Integer, deadline_day=Date, risk_day=Date, overdue_day=Date, appeals=Integer
)

# Cells of one, eight and 64 days (`span`), each from its first `day` on, without what is still fresh.
spanned_cubes = {
    cube.name: _relation(
        f"{cube.name}_folded", **{column.name: column.type for column in cube.columns}, span=SmallInteger
    )
    for cube in (cube_place, cube_topic, cube_holder)
}
# What municipalities write about, by sixteen days.
cube_town = _relation(
    "cube_town_folded",
    territory_id=Integer,
    day=Date,
    topic_id=Integer,
    **dict.fromkeys(("received", "received_resolved", "closed", "reopened"), Integer),
    span=SmallInteger,
)

# The same facts from the appeals themselves: the truth behind the cubes, and the answer to what no cube holds.
fact = _relation(
    "fact",
    **_subject_columns,
    place_id=Integer,
    day=Date,
    hour=SmallInteger,
    bucket=SmallInteger,
    at=timestamptz,
    reached_at=timestamptz,
    **_measure_columns,
)
open_fact = _relation("open_fact", **_subject_columns, place_id=Integer, status_id=SmallInteger, **_open_columns)
# What statements added and took away, until it is folded in.
fact_fresh = _relation("fact_fresh", **_subject_columns, place_id=Integer, day=Date, **_measure_columns)
