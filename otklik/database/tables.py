"""The tables of appeals and of what they refer to, as the migrations made them.

The cubes are in otklik.database.cubes.cube_tables.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Text,
)
from sqlalchemy import Table as Relation
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
timestamptz = DateTime(timezone=True)


def relation(name: str, /, **columns: Any) -> Relation:
    """A table or view with columns of these types, for queries to be built of."""
    return Relation(name, metadata, *(Column(column, column_type) for column, column_type in columns.items()))


_name_columns = {"id": Integer, "code": Text, "name": Text, "names": JSONB}

territory = relation(
    "territory",
    **_name_columns,
    short_names=JSONB,
    parent_id=Integer,
    level=Text,
    timezone=Text,
    population=Integer,
    lon=Double,
    lat=Double,
    lacking=JSONB,
)
territory_above = relation("territory_above", territory_id=Integer, above_id=Integer)
organisation = relation(
    "organisation", **_name_columns, short_names=JSONB, parent_id=Integer, territory_id=Integer, level=Text
)
topic = relation("topic", **_name_columns, parent_id=Integer, level=SmallInteger, service_position=SmallInteger)
source = relation("source", **_name_columns)
channel = relation("channel", **_name_columns)
regime = relation("regime", **_name_columns, resolution_days=SmallInteger)
outcome = relation("outcome", **_name_columns, resolved=Boolean)
stage = relation("stage", **_name_columns, position=SmallInteger)
status = relation("status", **_name_columns, stage_id=SmallInteger, is_open=Boolean)
demo_run = relation("demo_run", id=Integer, seed=BigInteger, as_of=Date, appeals=Integer)
setting = relation("setting", name=Text, value=JSONB)

subject_columns = {
    "region_id": Integer,
    "topic_id": Integer,
    "holder_id": Integer,
    "channel_id": SmallInteger,
    "regime_id": SmallInteger,
}
appeal = relation(
    "appeal",
    **subject_columns,
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
    # Of an appeal that was re-opened and whose history is known; any other's first answer is its close.
    first_answered_at=timestamptz,
    first_outcome_id=SmallInteger,
    first_returned_at=timestamptz,
    rating=SmallInteger,
    is_open=Boolean,
    body=Text,
    set_here=ARRAY(Text),
)
event = relation(
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

# The rating of an answer that a later one replaced, or that was taken back; the latest rating is on the appeal.
earlier_rating = relation(
    "earlier_rating",
    region_id=Integer,
    appeal_id=BigInteger,
    number=SmallInteger,
    rated_at=timestamptz,
    rating=SmallInteger,
)
# Both together: one row per rating.
given_rating = relation(
    "given_rating",
    region_id=Integer,
    appeal_id=BigInteger,
    rated_at=timestamptz,
    rating=SmallInteger,
    is_latest=Boolean,
)

# Whether an answer resolved the matter, as the applicant says, and the official outcome at that moment.
verdict = relation(
    "verdict",
    region_id=Integer,
    appeal_id=BigInteger,
    answered_at=timestamptz,
    given_at=timestamptz,
    resolved=Text,
    outcome_id=SmallInteger,
)
# Each time that the applicant opened an appeal with its secret.
appeal_look = relation("appeal_look", region_id=Integer, appeal_id=BigInteger, at=timestamptz)

saved_view = relation("saved_view", id=Integer, person_id=Integer, name=Text, address=Text, saved_at=timestamptz)

audit = relation(
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

_surge_columns = {
    "country_id": Integer,
    "territory_id": Integer,
    "topic_id": Integer,
    "window_days": SmallInteger,
    "observed": Integer,
    "expected": Double,
    "usual_low": Integer,
    "usual_high": Integer,
}
detection_run = relation("detection_run", country_id=Integer, day=Date, ran_at=timestamptz)
surge_alarm = relation("surge_alarm", **_surge_columns, day=Date)
surge_episode = relation("surge_episode", **_surge_columns, starts=Date, first_alarm=Date, last_alarm=Date, peak=Date)

text_cluster_run = relation("text_cluster_run", country_id=Integer, day=Date)
text_cluster = relation(
    "text_cluster",
    id=BigInteger,
    episode_id=BigInteger,
    country_id=Integer,
    day=Date,
    territory_id=Integer,
    topic_id=Integer,
    terms=ARRAY(Text),
    first_day=Date,
    window_days=SmallInteger,
    appeals=Integer,
    usual_low=Integer,
    usual_high=Integer,
    surge_territory_id=Integer,
    surge_topic_id=Integer,
)
text_cluster_member = relation(
    "text_cluster_member", cluster_id=BigInteger, position=Integer, region_id=Integer, appeal_id=BigInteger
)

problem = relation(
    "problem",
    id=Integer,
    territory_id=Integer,
    topic_id=Integer,
    title=Text,
    description=Text,
    owner_id=Integer,
    status=Text,
    since=Date,
    surge_starts=Date,
    text_cluster_id=BigInteger,
    opened_at=timestamptz,
    opened_by=Integer,
    version=Integer,
)
_remedy_columns = {
    "id": Integer,
    "problem_id": Integer,
    "title": Text,
    "organisation_id": Integer,
    "responsible": Text,
    "due": Date,
}
problem_remedy = relation("problem_remedy", **_remedy_columns, done_at=timestamptz, done_by=Integer, note=Text)
problem_event = relation(
    "problem_event",
    id=BigInteger,
    problem_id=Integer,
    at=timestamptz,
    person_id=Integer,
    person=Text,
    kind=Text,
    reason=Text,
    before=JSONB,
    after=JSONB,
)
overdue_remedy = relation("overdue_remedy", **_remedy_columns, territory_id=Integer, topic_id=Integer, owner_id=Integer)

poll = relation(
    "poll",
    id=Integer,
    number=Text,
    title=Text,
    description=Text,
    territory_id=Integer,
    topic_id=Integer,
    audience=Text,
    opens_at=timestamptz,
    closes_at=timestamptz,
    eligible=Integer,
    quorum_votes=Integer,
    quorum_share=Numeric,
    published_at=timestamptz,
)
poll_question = relation("poll_question", id=Integer, poll_id=Integer, position=SmallInteger, kind=Text, text=Text)
poll_option = relation(
    "poll_option", id=Integer, question_id=Integer, position=SmallInteger, text=Text, value=SmallInteger
)
