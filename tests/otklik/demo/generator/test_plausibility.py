"""What the default demo has to show: working weeks, regions and channels that differ, doubts, history, problems."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from otklik.demo.catalogue_data import UGRA, Ints, catalogue_data
from otklik.demo.generator.arrivals import Arrivals, generate_arrivals
from otklik.demo.generator.channels import CHANNEL_SHARES, CHANNELS, COMMON_CHANNELS
from otklik.demo.generator.context import (
    DAY_SECONDS,
    HOUR_SECONDS,
    Flags,
    GeneratorContext,
    build_context,
    local_day,
)
from otklik.demo.generator.doubtful_records import recorded_registrations
from otklik.demo.generator.event_history import event_rows
from otklik.demo.generator.handling import Handling, plan_handling
from otklik.demo.generator.office_hours import CLOSES_AT, OPENS_AT
from otklik.demo.generator.outcomes_and_ratings import EXPLAINED, Answers, calibrate_ugra, generate_answers
from otklik.demo.generator.performance_profiles import PerformanceProfiles, draw_profiles
from otklik.demo.generator.planted_problems import PlantedProblem, planted_problems
from otklik.demo.generator.volume import DEFAULT_APPEALS
from otklik.demo.load import demo_clock


@dataclass(frozen=True)
class Demo:
    """The arrays of one run, and what a test asks of them."""

    context: GeneratorContext
    arrivals: Arrivals
    profiles: PerformanceProfiles
    handling: Handling
    answers: Answers

    @property
    def is_closed(self) -> Flags:
        return np.asarray(self.answers.closed_at <= self.context.now)

    @property
    def is_reopened(self) -> Flags:
        return np.asarray(self.answers.reopened_at <= self.context.now)

    def local(self, at: Ints) -> Ints:
        return np.asarray(at + self.context.utc_offset[self.arrivals.region])

    def weekday(self, at: Ints) -> Ints:
        """0 is Monday; 1 January 1970 was a Thursday."""
        return np.asarray((self.local(at) // DAY_SECONDS + 3) % 7)

    def hour(self, at: Ints) -> Ints:
        return np.asarray(self.local(at) % DAY_SECONDS // HOUR_SECONDS)

    def is_in_office_hours(self, at: Ints) -> Flags:
        second = self.local(at) % DAY_SECONDS
        is_open = (second >= OPENS_AT * HOUR_SECONDS) & (second <= CLOSES_AT * HOUR_SECONDS)
        day = local_day(self.context, self.arrivals.region, at)
        return np.asarray(is_open & np.is_busday(day, holidays=self.context.public_holidays))

    def is_during(self, problem: PlantedProblem) -> Flags:
        day = local_day(self.context, self.arrivals.region, self.arrivals.received)
        return np.asarray((day >= np.datetime64(problem.starts)) & (day < np.datetime64(problem.ends)))


def make_demo(seed: int, as_of: date, appeals: int) -> Demo:
    context = build_context(catalogue_data(), seed, as_of, demo_clock(as_of)[1])
    arrivals = generate_arrivals(context, appeals)
    profiles = draw_profiles(context)
    handling = plan_handling(context, arrivals, profiles)
    answers = generate_answers(context, arrivals, handling, profiles)
    calibrate_ugra(context, arrivals, handling, answers)
    return Demo(context, arrivals, profiles, handling, answers)


@pytest.fixture(
    scope="module",
    # Each season, and a clock that stands on a Tuesday, a Sunday and a Saturday.
    params=[(1, date(2026, 3, 17)), (2, date(2026, 5, 31)), (3, date(2026, 11, 28))],
    ids=lambda param: f"seed {param[0]} of {param[1]}",
)
def demo(request: pytest.FixtureRequest) -> Demo:
    seed, as_of = request.param
    return make_demo(seed, as_of, DEFAULT_APPEALS)


def test_no_working_day_stands_out_among_the_closes(demo: Demo) -> None:
    closes = np.bincount(demo.weekday(demo.answers.closed_at)[demo.is_closed], minlength=7)
    by_working_day = closes[:5] / closes[:5].mean()
    assert by_working_day.max() < 1.25
    assert by_working_day.min() > 0.8
    assert 0.005 < closes[5:].sum() / closes.sum() < 0.05  # urgent ones


def test_second_answers_and_returns_are_made_in_office_hours(demo: Demo) -> None:
    is_second = demo.is_reopened & demo.is_closed
    assert np.count_nonzero(is_second) > 1000
    assert demo.is_in_office_hours(demo.answers.closed_at)[is_second].all()
    assert demo.is_in_office_hours(demo.answers.reopened_at)[demo.is_reopened].all()
    assert (demo.answers.closed_at > demo.answers.reopened_at)[is_second].all()
    assert (demo.answers.reopened_at > demo.answers.rated_at)[
        demo.is_reopened & (demo.answers.earlier_rating == 0)
    ].all()


def test_regions_differ_in_how_much_their_people_write(demo: Demo) -> None:
    population = demo.context.catalogue.region_population
    counts = np.bincount(demo.arrivals.region, minlength=len(population))
    is_large = (population > 300_000) & (np.arange(len(population)) != demo.context.catalogue.region_index(UGRA))
    low, high = np.quantile((counts / population)[is_large], [0.1, 0.9])
    assert 1.6 < high / low < 4


def test_regions_differ_beyond_chance_in_their_answers(demo: Demo) -> None:
    is_late = demo.answers.closed_at > demo.answers.current_deadline
    is_due = demo.answers.current_deadline <= demo.context.now
    cases = np.bincount(demo.arrivals.region[is_due])
    late = np.bincount(demo.arrivals.region[is_due], is_late[is_due])
    share = late.sum() / cases.sum()
    # Of regions alike, the squared deviations are 1 on average.
    assert np.mean((late - cases * share) ** 2 / (cases * share * (1 - share))) > 5


def test_each_channel_has_a_clock_of_its_own(demo: Demo) -> None:
    hour, weekday = demo.hour(demo.arrivals.received), demo.weekday(demo.arrivals.received)
    is_night, is_evening, is_weekend = (hour < 7) | (hour >= 22), (hour >= 18) & (hour < 22), weekday >= 5

    def share(flags: Flags, channel: str) -> float:
        return float(flags[demo.arrivals.channel == CHANNELS.index(channel)].mean())

    assert share(is_night | is_weekend, "staff") == 0
    assert share(is_night, "call_centre") == 0
    assert share(is_night, "ambulance") > 2 * share(is_night, "vaccination")
    assert share(is_weekend, "school_meals") < is_weekend.mean() / 2
    assert share(is_weekend, "qr") > 1.4 * is_weekend.mean()
    assert share(is_evening, "social") > 1.7 * is_evening.mean()
    assert share(is_evening, "app") > 1.25 * is_evening.mean()
    counts = np.bincount(demo.arrivals.channel, minlength=len(CHANNELS))[: len(COMMON_CHANNELS)]
    assert np.abs(counts / counts.sum() / CHANNEL_SHARES - 1).max() < 0.12


def test_some_appeals_have_no_deadline(demo: Demo) -> None:
    without = ~demo.handling.has_deadline
    assert 0.008 < without.mean() < 0.025
    assert {demo.context.catalogue.facts[i]["days"] for i in demo.arrivals.fact[without]} == {"0"}
    # Nothing that needs a deadline befalls them.
    assert not np.any(without & (np.minimum(demo.handling.extended_at, demo.handling.deferred_at) <= demo.context.now))
    assert not np.any(without & demo.is_reopened)


def test_doubts_exist(demo: Demo) -> None:
    answers, handling, arrivals = demo.answers, demo.handling, demo.arrivals
    is_at_once = (answers.closed_at - arrivals.received < 60) & demo.is_closed
    assert 0.001 < is_at_once.sum() / demo.is_closed.sum() < 0.01
    registered_at = recorded_registrations(demo.context, handling.moderated_at, answers.closed_at)
    is_disordered = (registered_at > answers.closed_at) & demo.is_closed & ~handling.is_rejected
    assert 0.002 < is_disordered.mean() < 0.008
    assert registered_at[is_disordered].max() <= demo.context.now
    names = np.array([row["name_en"] for row in demo.context.catalogue.facts])
    assert 0.005 < np.char.startswith(names[arrivals.fact], "Other").mean() < 0.02
    is_explained = (answers.first_outcome == EXPLAINED) & (handling.answered_at <= demo.context.now)
    assert 0.01 < demo.is_reopened[is_explained].mean() < 0.06
    # Some organisations wait for the last day, others don't.
    last = local_day(demo.context, arrivals.region, handling.extended_deadline)
    closed_on = local_day(demo.context, arrivals.region, handling.answered_at)
    margin = np.busday_count(closed_on, last + 1, holidays=demo.context.public_holidays)
    waits = demo.profiles.last_day_share[handling.holder] > 0
    for group, low, high in ((waits, 2.0, 20.0), (~waits, 0.5, 1.5)):
        near = np.bincount(margin[group & (margin > 0) & (margin <= 6)], minlength=7)
        assert low < near[1] / near[2:].mean() < high


def test_every_appeal_has_a_history() -> None:
    demo = make_demo(1, date(2026, 3, 17), 30_000)
    steps = Counter(
        (i, kind) for i, _, kind, *_ in event_rows(demo.context, demo.arrivals, demo.handling, demo.answers)
    )
    count = len(demo.arrivals.region)
    assert sum(steps[i, "received"] == 1 for i in range(count)) == count
    answered = demo.handling.answered_at <= demo.context.now
    second = demo.is_reopened & demo.is_closed
    expected = answered.astype(np.int64) + second
    assert all(steps[i, "answered"] == expected[i] for i in range(count))


def test_surges_have_their_planned_strength(demo: Demo) -> None:
    ratios = []
    for problem in planted_problems(demo.context.as_of):
        if problem.kind != "surge" or problem.starts >= problem.ends:
            continue
        catalogue = demo.context.catalogue
        is_on_topic = np.isin(demo.arrivals.fact, catalogue.facts_under(problem.topic or ""))
        codes = np.array([row["code"] for row in catalogue.municipalities])
        is_here = np.char.startswith(codes, problem.territory)[demo.arrivals.municipality]
        during = demo.is_during(problem)
        share_elsewhere = (is_on_topic & during & ~is_here).sum() / (during & ~is_here).sum()
        expected = share_elsewhere * (during & is_here).sum()
        ratios.append((is_on_topic & during & is_here).sum() / expected / problem.factor)
    assert len(ratios) == 8
    # Each within what regions differ by in their topics, all together at the factor planned.
    assert 0.25 < min(ratios) < max(ratios) < 3
    assert 0.65 < np.exp(np.mean(np.log(ratios))) < 1.4


def test_slow_and_formal_answers_have_their_planned_strength() -> None:
    # One organisation each: enough appeals for its ratios to show through the noise.
    demo = make_demo(1, date(2026, 3, 17), 1_000_000)
    codes = demo.context.catalogue.holder_codes()
    for problem in planted_problems(demo.context.as_of):
        if problem.organisation is None:
            continue
        is_own = (demo.handling.holder == codes.index(problem.organisation)) & ~demo.handling.is_rejected
        during = demo.is_during(problem)
        if problem.kind == "slow_answers":
            waits = demo.handling.answered_at - demo.arrivals.received
            assert 0.8 < waits[is_own & during].mean() / waits[is_own & ~during].mean() / problem.factor < 1.25
        else:
            usual = demo.is_reopened[~demo.handling.is_formal].mean()
            assert 0.75 < demo.is_reopened[is_own & during].mean() / usual / problem.factor < 1.35
