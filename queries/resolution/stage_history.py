"""The course of appeals through their stages, as far as their history tells: the time in each, redirects, extensions.

Imported appeals bring no history; what is said here is of those that have one, the last ones closed.
"""

from typing import Any

import pandas as pd
from sqlalchemy import and_, select

from otklik.database.tables import appeal, event
from otklik.database.transactions import frame
from queries.cache.background import later
from queries.cache.timed import seldom
from queries.core.appeal_rows import appeals, named
from queries.core.date_ranges import latest
from queries.core.reference import words
from queries.core.resolved_filters import cut
from queries.filters import Filters

LATEST = 2000  # appeals whose history is read, the last closed ones of the period
DAY = 86_400
LISTED = 50
# The stage that an appeal begins in, and that it is in after what happened, where the history names no status.
FIRST = "received"
TELLS_NOTHING = ("received", "imported", "rated", "note")


@seldom
def history(filters: Filters) -> pd.DataFrame:
    """One row a thing that happened to the last 2,000 appeals closed in the period: appeal, at, kind, status, holder.

    `status` and `holder` are codes after it, None where it changed none; `was` is the holder before. In their order;
    each appeal's last row is its close.
    """
    columns: list[Any] = [appeal.c.region_id, appeal.c.id, appeal.c.closed_at]
    last = latest(cut(filters), "closed_at", filters.start, filters.end, columns, LATEST).cte("last")
    happened = and_(event.c.region_id == last.c.region_id, event.c.appeal_id == last.c.id)
    columns = [
        last.c.id.label("appeal"),
        event.c.at,
        event.c.kind,
        event.c.after["status"].astext.label("status"),
        event.c.before["holder"].astext.label("was"),
        event.c.after["holder"].astext.label("holder"),
        last.c.closed_at,
    ]
    return frame(select(*columns).join_from(last, event, happened).order_by(last.c.id, event.c.at, event.c.id))


@later
def stages(filters: Filters) -> pd.DataFrame:
    """One row a stage before the last: name, appeals that were in it, median and p90 of the days spent there (in all).

    Days count until the close; an appeal that came back to a stage has the days of both times.
    """
    found = history(filters)
    # What was only imported has no course.
    found = found[found["appeal"].isin(_known(found))]
    status, stage = words("status", filters.language), words("stage", filters.language).sort_values("position")
    by_code = status.set_index("code")["stage_id"]
    began = found["status"].where(found["kind"] != "received", FIRST)
    at = began.map(by_code).groupby(found["appeal"]).ffill()
    # Of nothing at all, too.
    began_at, closed_at = (pd.to_datetime(found[name], utc=True) for name in ("at", "closed_at"))
    until = began_at.groupby(found["appeal"]).shift(-1).fillna(closed_at)
    days = (until - began_at).dt.total_seconds().clip(lower=0) / DAY
    spent = pd.DataFrame({"appeal": found["appeal"], "stage": at, "days": days}).dropna()
    total = spent.groupby(["stage", "appeal"])["days"].sum().groupby("stage")
    rows = total.agg(appeals="size", median="median", p90=lambda values: values.quantile(0.9))
    shown = stage.iloc[:-1][["name"]].join(rows)
    return shown.assign(appeals=shown["appeals"].fillna(0).astype("int64")).reset_index(drop=True)


def _known(found: pd.DataFrame) -> list[int]:
    """The appeals whose history tells more than that they came: an import's tells no more."""
    return sorted({int(one) for one in found.loc[~found["kind"].isin(TELLS_NOTHING), "appeal"]})


@later
def moves(filters: Filters) -> dict[str, int]:
    """How many appeals have a history (`known`), and how many of them were `redirected`, came `back`, were `extended`.

    Back: to an organisation that had it before (A → B → A); `twice` were redirected more than once.
    """
    found = history(filters)
    found = found[found["appeal"].isin(_known(found))]
    held = _holders(found)
    handed = held[held["n"] > 0].groupby("appeal").size()
    return {
        "known": len(_known(found)),
        "redirected": len(handed),
        "twice": int((handed > 1).sum()),
        "back": int(held.loc[held["back"], "appeal"].nunique()),
        "extended": int(found.loc[found["kind"] == "extended", "appeal"].nunique()),
    }


def _holders(found: pd.DataFrame) -> pd.DataFrame:
    """One row an organisation that an appeal came to, in their order: appeal, n (0 the first), holder, back."""
    came = found[found["holder"].notna()]
    start = came[came["was"].notna()].drop_duplicates("appeal")
    first = pd.concat([came[came["was"].isna()], start.assign(holder=start["was"])]).drop_duplicates("appeal")
    rows = pd.concat([first, came[came["was"].notna() & (came["was"] != came["holder"])]])
    rows = rows.sort_values(["appeal", "at"], kind="stable")
    rows = rows.assign(n=rows.groupby("appeal").cumcount(), back=rows.duplicated(["appeal", "holder"]))
    return rows[["appeal", "n", "holder", "back"]]


@later
def returned(filters: Filters) -> pd.DataFrame:
    """The appeals that came back to an organisation that had had them, the last closed first, at most 50.

    Columns: number, received_at, closed_at (local), topic, territory, organisation, channel, status, way (names of the
    organisations in their order).
    """
    held = _holders(history(filters))
    back = sorted({int(one) for one in held.loc[held["back"], "appeal"]})
    names = words("organisation", filters.language).set_index("code")["name"]
    ways = held.assign(name=held["holder"].map(names)).groupby("appeal")["name"].agg(" → ".join)
    question = appeals(appeal.c.id, appeal.c.received_at, appeal.c.closed_at).where(
        appeal.c.id.in_(back), appeal.c.region_id.in_(cut(filters).regions)
    )
    rows = frame(question.order_by(appeal.c.closed_at.desc()).limit(LISTED))
    return named(rows.assign(way=rows["id"].map(ways)).drop(columns="id"), filters.language)
