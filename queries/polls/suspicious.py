"""Suspicious votes of a poll with the evidence, and its results with and without them; none is ever deleted."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import text

from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_PEOPLE
from queries.cache.background import background_timed
from queries.core.reference import dimension_members
from queries.polls.details import questions
from queries.polls.results import results, rounded_results, with_options
from queries.statistics.voting.anomalies import Finding, Ints, Votes, suspicious_votes
from queries.statistics.voting.rounding import finest_unit

ROWS_SQL = "SELECT minute, channel_id, options, votes FROM vote_patterns(:poll) ORDER BY minute, channel_id, options"
PERIOD_SQL = """
    SELECT p.opens_at AT TIME ZONE place.timezone AS opens, p.closes_at AT TIME ZONE place.timezone AS closes,
        now() AT TIME ZONE place.timezone AS now
    FROM poll AS p JOIN territory AS place ON place.id = p.territory_id WHERE p.id = :poll"""
SEARCH_SECONDS = 60
"""All votes are read one by one, in the background."""
MIN_QUESTIONS = 2
"""Answers to a single question are alike anyway."""
FINDING_COLUMNS = ["kind", "first", "last", "votes", "expected", "channel", "run", "probability"]
RESULT_COLUMNS = ["question_id", "option", "share", "without"]


class Suspicion(NamedTuple):
    """`findings`: one row each in the order of time: kind (of queries.statistics.voting.anomalies), first and last.

    These are local moments; further votes, expected (so many of them by chance), channel (a name, or None), run (of how
    many votes in a row), probability (that a clean poll has any such finding). `flagged`: all these votes together.
    `rows`, of a closed poll: question_id, option, share, without (the share without them, rounded to `unit`).
    """

    findings: pd.DataFrame
    flagged: int
    votes: int
    rows: pd.DataFrame
    unit: float


@background_timed
def suspicion(poll_id: int, status: str, language: str) -> Suspicion:
    """Search a poll's votes, at most every ten minutes. Raises Counting on a page at the first time."""
    votes = query_dataframe(text(ROWS_SQL).bindparams(poll=poll_id), SEARCH_SECONDS)
    nothing = Suspicion(pd.DataFrame(columns=FINDING_COLUMNS), 0, 0, pd.DataFrame(columns=RESULT_COLUMNS), 0.0)
    if votes.empty:
        return nothing
    period = query_dataframe(text(PERIOD_SQL).bindparams(poll=poll_id)).iloc[0]
    asked = questions(poll_id)
    each = votes.loc[votes.index.repeat(votes["votes"])].reset_index(drop=True)
    # Votes may have been imported with moments outside of the poll's period.
    start = min(each["minute"].iloc[0], period["opens"])
    midnight = datetime.combine(start.date(), datetime.min.time())
    end = max(each["minute"].iloc[-1] + timedelta(minutes=1), min(period["closes"], period["now"]))
    has_patterns = asked.loc[asked["kind"] != "open", "question_id"].nunique() >= MIN_QUESTIONS
    patterns = pd.factorize(each["options"].map(tuple))[0] if has_patterns else np.full(len(each), -1)
    findings = suspicious_votes(
        Votes(
            _minutes(each["minute"], midnight),
            each["channel_id"].to_numpy(np.int64),
            patterns.astype(np.int64),
            *(int((moment - midnight).total_seconds() // 60) for moment in (start, end)),
        )
    )
    if not findings:
        return nothing._replace(votes=len(each))
    flagged = np.unique(np.concatenate([finding.members for finding in findings]))
    names = dimension_members("channel", language)["name"]
    rows, unit = nothing.rows, 0.0
    if status == "closed" and len(each) - len(flagged) >= MIN_PEOPLE:
        rows, unit = _without(poll_id, each[~each.index.isin(flagged)]["options"])
    shown = pd.DataFrame([_row(finding, midnight, names) for finding in findings], columns=FINDING_COLUMNS)
    return Suspicion(shown, len(flagged), len(each), rows, unit)


def _minutes(moments: "pd.Series[pd.Timestamp]", midnight: datetime) -> Ints:
    return ((moments - midnight).dt.total_seconds() // 60).to_numpy().astype(np.int64)


def _row(finding: Finding, midnight: datetime, names: "pd.Series[str]") -> tuple[object, ...]:
    run = int(finding.members[-1] - finding.members[0]) + 1
    return (
        finding.kind,
        midnight + timedelta(minutes=finding.first),
        midnight + timedelta(minutes=finding.end),
        len(finding.members),
        finding.expected,
        None if finding.channel is None else str(names[finding.channel]),
        run,
        finding.probability,
    )


def _without(poll_id: int, options: "pd.Series[Any]") -> tuple[pd.DataFrame, float]:
    """Shares of all votes and of the others: rounded, since the difference is how the flagged ones voted."""
    unit = finest_unit(len(options), 1.0)
    raw = results(poll_id)
    if unit is None or raw.empty:
        return pd.DataFrame(columns=RESULT_COLUMNS), 0.0
    counts = options.explode().value_counts()
    rows = with_options(raw, poll_id)
    shares = [counts.get(option_id, 0) / len(options) for option_id in rows["option_id"]]
    return rows.assign(without=rounded_results(rows, shares, unit))[RESULT_COLUMNS], unit
