"""Under which regime an appeal is handled, by which organisation, and until when."""

import json
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from otklik.demo.catalogue_data import NO_TERM, Ints, catalogue_data
from otklik.demo.generator.arrivals import Arrivals
from otklik.demo.generator.context import (
    DAY_SECONDS,
    NEVER,
    Flags,
    GeneratorContext,
    end_of_day,
    hours_in_seconds,
    last_working_day,
    local_day,
)
from otklik.demo.generator.performance_profiles import PerformanceProfiles

REGIMES = ("ordinary", "law59", "fast")
ORDINARY, LAW59, FAST = range(len(REGIMES))
LAW59_SHARE = 0.08
"""The share of applicants who choose the law's procedure."""
EXTENDED_SHARE, DEFERRED_SHARE = 0.35, 0.05
"""The share of late appeals that are extended, and of seasonal works that are deferred."""
LAW59_DAYS = 30
MAX_FAST_DAYS = 10
MAX_WORKING_DAYS = 5
"""Fast-track deadlines of up to this many days count working days; all others count calendar days."""
LONG_TOPIC_DAYS = 15
"""Topics with at least this many days keep them off the fast track and can be extended; others have 20 days there."""
SHORT_TOPIC_DAYS = 20
REOPENED_DAYS = (5, 15)
"""The shortest and longest time for a second answer."""
RULE_LABELS = {
    "ordinary": {"en": "Ordinary message", "ru": "Обычное сообщение", "hr": "Obična poruka"},
    "fast": {"en": "Fast track", "ru": "Фаст-трек", "hr": "Ubrzani postupak"},
}
INSERT_RULES = """
    INSERT INTO deadline_rule (code, name, names, country, regime, topic, spans, extension_notice)
    SELECT v.code, v.names->>'en', v.names, 'RU', v.regime, v.topic, v.spans, false
    FROM jsonb_to_recordset(CAST(:rules AS jsonb)) AS v (code text, names jsonb, regime text, topic text, spans jsonb)
    ON CONFLICT DO NOTHING"""


def draw_regimes(context: GeneratorContext, arrivals: Arrivals) -> Ints:
    """Positions in `REGIMES`: the fast track by topic, 59-FZ where the applicant chose it."""
    fast_chance = context.catalogue.fact_values("fast")[arrivals.fact] * 1.15
    chance = context.rng.random(len(arrivals.fact))
    return np.where(chance < fast_chance, FAST, np.where(chance > 1 - LAW59_SHARE, LAW59, ORDINARY))


def draw_holders(context: GeneratorContext, arrivals: Arrivals, profiles: PerformanceProfiles) -> tuple[Ints, Ints]:
    """Positions of the first holder and of the one that answers: some appeals go to a wrong office first."""
    table = context.catalogue.holder_table()
    office_index = {row["office"]: i for i, row in enumerate(context.catalogue.offices)}
    right_office = np.array([office_index[row["office"]] for row in context.catalogue.facts])[arrivals.fact]
    wrong_office = np.where(right_office == office_index["city"], office_index["housing"], office_index["city"])
    is_misrouted = context.rng.random(len(arrivals.fact)) < profiles.redirected_share[arrivals.region]
    holder = table[right_office, arrivals.municipality]
    return np.where(is_misrouted, table[wrong_office, arrivals.municipality], holder), holder


def has_deadlines(context: GeneratorContext, fact: Ints, regime: Ints) -> Flags:
    """Whether each appeal has a deadline: from ordinary messages of thanks and the like the moderator takes it away."""
    return np.asarray((regime == LAW59) | (context.catalogue.fact_values("days")[fact] != NO_TERM))


def initial_deadlines(context: GeneratorContext, region: Ints, fact: Ints, regime: Ints, start: Ints) -> Ints:
    """The deadline of each appeal: the end of its last day in the region, counted from `start`.

    Appeals without a deadline (`has_deadlines`) are planned to be answered by that instant too.

    The days follow `answer_span`; under 59-FZ they are 30, and the last day is a working day.
    """
    days = context.catalogue.answer_days()[fact]
    day = local_day(context, region, start)
    fast_days = np.minimum(days, MAX_FAST_DAYS)
    in_working_days = fast_days <= MAX_WORKING_DAYS
    working = np.busday_offset(day, fast_days, roll="backward", holidays=context.public_holidays)
    day_count = np.where(
        regime == LAW59,
        LAW59_DAYS,
        np.where(regime == FAST, fast_days, np.where(days < LONG_TOPIC_DAYS, SHORT_TOPIC_DAYS, days)),
    )
    last_day = np.where((regime == FAST) & in_working_days, working, day + day_count)
    return end_of_day(context, region, np.where(regime == LAW59, last_working_day(context, last_day), last_day))


def draw_extensions(
    context: GeneratorContext, arrivals: Arrivals, regime: Ints, deadline: Ints, is_late: Flags
) -> tuple[Ints, Ints, Ints]:
    """The instants of extensions and of deferrals, and the deadlines after them."""
    rng, n = context.rng, len(arrivals.fact)
    chance = rng.random(n)
    days = context.catalogue.answer_days()[arrivals.fact]
    is_extendable = (regime != FAST) & (days >= LONG_TOPIC_DAYS) & has_deadlines(context, arrivals.fact, regime)
    is_extended = is_extendable & is_late & (chance < EXTENDED_SHARE)
    needs_season = np.isin([row["season"] for row in context.catalogue.facts], ("summer", "thaw"))[arrivals.fact]
    is_deferred = (
        ~is_extended & (regime == ORDINARY) & (days > LONG_TOPIC_DAYS) & needs_season & (chance < DEFERRED_SHARE)
    )
    extended_at = np.where(is_extended, deadline - hours_in_seconds(rng.uniform(7, 96, n)), NEVER)
    midway = arrivals.received + ((deadline - arrivals.received) * rng.uniform(0.3, 0.8, n)).astype(np.int64)
    deferred_at = np.where(is_deferred, midway, NEVER)
    extra_days = np.where(
        is_extended, np.where(regime == LAW59, LAW59_DAYS, 15), np.where(is_deferred, rng.integers(45, 150, n), 0)
    )
    return extended_at, deferred_at, deadline + extra_days * DAY_SECONDS


def write_deadline_rules(connection: Connection) -> None:
    """Write the rules of answer times by topic and regime for otklik.deadlines; existing rules stay as they are."""
    connection.execute(text(INSERT_RULES), {"rules": json.dumps(_deadline_rules())})


def deadline_rule_codes() -> list[str]:
    """The codes of the rules that `write_deadline_rules` writes."""
    return [rule["code"] for rule in _deadline_rules()]


def _deadline_rules() -> list[dict[str, Any]]:
    return [
        {
            "code": f"{regime}.{fact['code']}",
            "names": {language: f"{label}: {fact[f'name_{language}']}" for language, label in labels.items()},
            "regime": regime,
            "topic": fact["code"],
            "spans": {
                "answer": answer_span(regime, int(fact["days"])),
                "reopened": {"days": int(reopened_days(np.int64(fact["days"])))},
            },
        }
        for fact in catalogue_data().facts
        if int(fact["days"]) != NO_TERM
        for regime, labels in RULE_LABELS.items()
    ]


def answer_span(regime: str, days: int) -> dict[str, Any]:
    """The time for an answer, as a span of `deadline_rule`, on a topic with `days` days."""
    if regime == "fast":
        fast_days = min(days, MAX_FAST_DAYS)
        return {"days": fast_days, "working": fast_days <= MAX_WORKING_DAYS}
    return {"days": SHORT_TOPIC_DAYS if days < LONG_TOPIC_DAYS else days}


def reopened_days(days: Ints | np.int64) -> Ints | np.int64:
    """The days for a second answer on topics with `days` days."""
    return np.clip(days, *REOPENED_DAYS)
