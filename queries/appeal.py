"""One appeal: everything about it but who sent it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Integer, case, cast, func, literal, or_, select

from otklik.database.tables import appeal, event
from otklik.database.transactions import frame, reading
from otklik.deadlines.appeal_deadline import explained
from otklik.deadlines.calculation import Deadline
from queries.cache.live import live
from queries.core.reference import ids, words
from queries.queue.open_list import Key, rows

NEAR_KM = 0.3
ALIKE = 0.35
"""From this similarity of their trigrams on, two texts are alike."""
BEFORE, AFTER = timedelta(days=60), timedelta(days=30)
LOOKED_AT = 2000
SHOWN = 10
KINDS = {"holder": "organisation", "topic": "topic", "status": "status", "outcome": "outcome"}
"""What of an appeal a line of its history may tell of, and the words that name it."""


@dataclass(frozen=True)
class Appeal:
    """An appeal in words; moments are local to its region."""

    key: Key
    version: datetime
    number: str
    source: str
    source_name: str
    region: str
    state: str
    status: str
    stage: str
    outcome: str | None
    regime: str
    channel: str
    topics: tuple[str, ...]
    places: tuple[str, ...]
    holder: str
    first_holder: str
    is_redirected: bool
    body: str | None
    received_at: datetime
    registered_at: datetime | None
    deadline_at: datetime | None
    closed_at: datetime | None
    rated_at: datetime | None
    rating: int | None
    reopened: int
    zone: str
    lon: float | None
    lat: float | None


@live
def keys(number: str, source: str | None = None, region: str | None = None) -> tuple[Key, ...]:
    """The appeals that have this number, within the viewer's scope; numbers are unique within a source and region."""
    conditions = [appeal.c.number == number]
    for column, kind, code in ((appeal.c.source_id, "source", source), (appeal.c.region_id, "territory", region)):
        if code is not None:
            conditions.append(column.in_(ids(kind, code) or ()))
    question = select(appeal.c.region_id, appeal.c.id).where(*conditions).order_by(appeal.c.received_at.desc())
    return tuple(Key(int(one["region_id"]), int(one["id"])) for _, one in frame(question.limit(50)).iterrows())


@live
def one(key: Key, language: str) -> Appeal | None:
    """The appeal; None for one that is not there, or not to be seen by who asks."""
    now = func.now()
    state = case(
        (appeal.c.closed_at.is_not(None), "closed"),
        (appeal.c.deadline_at < now, "overdue"),
        (appeal.c.risk_at < now, "at_risk"),
        else_="within",
    )
    found = frame(
        select(*appeal.c, state.label("state")).where(appeal.c.region_id == key.region, appeal.c.id == key.id)
    ).to_dict("records")
    if not found:
        return None
    row: dict[str, Any] = {
        str(name): None if pd.isna(value) else value for name, value in found[0].items() if name != "set_here"
    }
    named = {kind: words(kind, language) for kind in ("territory", "organisation", "topic", "status", "stage")}
    place = row["municipality_id"] or row["region_id"]
    zone = ZoneInfo(str(named["territory"]["timezone"][place]))

    def word(kind: str, code: str = "name") -> str | None:
        return None if row[f"{kind}_id"] is None else str(words(kind, language)[code][row[f"{kind}_id"]])

    return Appeal(
        key=key,
        version=row["updated_at"],
        source=str(word("source", "code")),
        source_name=str(word("source")),
        region=str(named["territory"]["code"][row["region_id"]]),
        status=str(word("status")),
        stage=str(named["stage"]["name"][named["status"]["stage_id"][row["status_id"]]]),
        outcome=word("outcome"),
        regime=str(word("regime")),
        channel=str(word("channel")),
        topics=_path(named["topic"], row["topic_id"]),
        places=_path(named["territory"], place),
        holder=str(named["organisation"]["name"][row["holder_id"]]),
        first_holder=str(named["organisation"]["name"][row["first_holder_id"]]),
        is_redirected=row["holder_id"] != row["first_holder_id"],
        zone=zone.key,
        **{name: row[name] for name in ("number", "state", "body", "rating", "reopened", "lon", "lat")},
        **{
            f"{name}_at": row[f"{name}_at"] and row[f"{name}_at"].astimezone(zone)
            for name in ("received", "registered", "deadline", "closed", "rated")
        },
    )


def _path(named: pd.DataFrame, at: int) -> tuple[str, ...]:
    """The names from the top down to this one."""
    path: list[str] = []
    step: Any = at
    while not pd.isna(step):
        path.insert(0, str(named["name"][step]))
        step = named["parent_id"][step]
    return tuple(path)


@live
def history(key: Key, language: str, zone: str) -> pd.DataFrame:
    """One row a line of the appeal's history, oldest first: at (local), kind, actor, reason, was and becomes.

    `was` and `becomes` are dicts of what the line tells (holder, topic, status, outcome in words, deadline as a local
    moment, rating), None where it tells nothing.
    """
    found = frame(
        select(event.c.at, event.c.kind, event.c.actor, event.c.reason, event.c.before, event.c.after)
        .where(event.c.region_id == key.region, event.c.appeal_id == key.id)
        .order_by(event.c.at, event.c.id)
    )
    names = {what: words(kind, language).set_index("code")["name"].to_dict() for what, kind in KINDS.items()}
    local = ZoneInfo(zone)

    def said(told: dict[str, Any] | None) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        for what, value in (told or {}).items():
            if what in names:
                facts[what] = names[what].get(value, value)
            elif what in ("deadline", "closed") and value:
                facts[what] = datetime.fromisoformat(value).astimezone(local)
            elif what == "rating":
                facts[what] = value
        return facts

    return pd.DataFrame(
        {
            "at": pd.Series([at.astimezone(local) for at in found["at"]], dtype=object),
            "kind": found["kind"],
            "actor": found["actor"],
            "reason": found["reason"].astype(object).where(found["reason"].notna(), None),
            "was": [said(one) for one in found["before"]],
            "becomes": [said(one) for one in found["after"]],
        }
    )


@live
def deadline(key: Key) -> Deadline | None:
    """How the appeal's deadline came about, step by step; None where there is none and no rule."""
    with reading() as connection:
        return explained(connection, key.region, key.id)


@live
def similar(of: Appeal, language: str) -> pd.DataFrame:
    """Appeals of the same town and time that might be about the same: near by or on the same topic, and alike.

    As `queries.queue.open_list.rows` with `near` (km, NaN where a place is unknown), `alike` (0 to 1, of the texts) and
    `same_topic`; the likeliest first, at most ten. Of those that came up to sixty days before and thirty after it,
    the 2,000 newest are looked at.
    """
    me = frame(
        select(appeal.c.municipality_id, appeal.c.topic_id).where(
            appeal.c.region_id == of.key.region, appeal.c.id == of.key.id
        )
    )
    if me.empty:
        return rows((), language).assign(near=[], alike=[], same_topic=[])
    town, topic = me["municipality_id"].iloc[0], int(me["topic_id"].iloc[0])
    place = appeal.c.region_id == of.key.region if pd.isna(town) else appeal.c.municipality_id == int(town)
    around = (
        select(*(appeal.c[name] for name in ("region_id", "id", "topic_id", "lon", "lat", "body", "received_at")))
        .where(
            place,
            appeal.c.received_at > of.received_at - BEFORE,
            appeal.c.received_at < of.received_at + AFTER,
            or_(appeal.c.region_id != of.key.region, appeal.c.id != of.key.id),
        )
        .order_by(appeal.c.received_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    near = _kilometres(of, around) if of.lon is not None else cast(literal(None), Integer)
    scored = select(
        around.c.region_id,
        around.c.id,
        near.label("near"),
        func.similarity(func.coalesce(around.c.body, ""), of.body or "").label("alike"),
        (around.c.topic_id == topic).label("same_topic"),
    ).subquery()
    likely = or_(
        scored.c.same_topic & or_(scored.c.near < NEAR_KM, scored.c.alike > ALIKE),
        (scored.c.near < NEAR_KM) & (scored.c.alike > ALIKE),
        scored.c.alike > 2 * ALIKE,
    )
    closeness = func.coalesce(1 / (1 + scored.c.near / NEAR_KM), 0)
    found = frame(
        select(scored)
        .where(likely)
        .order_by((scored.c.alike + closeness + cast(scored.c.same_topic, Integer)).desc(), scored.c.id)
        .limit(SHOWN)
    )
    told = rows(tuple(Key(int(row["region_id"]), int(row["id"])) for _, row in found.iterrows()), language)
    return told.merge(found, on=["region_id", "id"], how="left", sort=False)


def _kilometres(of: Appeal, around: Any) -> Any:  # noqa: ANN401 -- expressions of SQL
    """The distance on a plane: exact enough within a town."""
    down = (around.c.lat - of.lat) * 111.2
    across = (around.c.lon - of.lon) * 111.2 * func.cos(func.radians(of.lat))
    return func.sqrt(down * down + across * across)


def time_left(of: Appeal, now: datetime | None = None) -> timedelta | None:
    """The time until the deadline, negative when it is over; None for a closed appeal and one without a deadline."""
    if of.deadline_at is None or of.closed_at is not None:
        return None
    return of.deadline_at - (now or datetime.now(UTC))
