"""`otklik figures`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from otklik.cli.console import without_streamlit_warnings

if TYPE_CHECKING:
    from queries.metrics.metric import Metric

UNIT_LABELS = {"count": "appeals", "share": "%", "days": "days", "ratio": "ratio", "rating": "1–5"}
DIRECTION_LABELS = {"up": "higher", "down": "lower", None: "–"}
PERIODS = """\
## Periods

A morning in a coordination centre asks two questions: what stands at this minute, and whether the work goes better
than before. One period can't answer both: a day that goes on makes comparisons unequal, and whole days say nothing
of now. So they are apart:

- *7 days*, *28 days* (unless another is chosen) and *91 days* are whole weeks that end with yesterday, the last day
  that is over in every region shown. Each weekday is in them equally often, the weeks before are compared day by
  day, and the figures of a day stay the same all day. Open and overdue are those of yesterday's end.
- *Today* is the running day, compared up to the same time of day a week ago. The overview shows it in a line at all
  times: received and closed today; open, overdue and at risk now.
- *This month*, *this quarter*, *this year*, *12 months* and *all time* end with today, as people count them; their
  running day is compared up to the same time of day.
- Days of one's own are as chosen. Where the newest appeal is older than 60 days, all time is shown at first.
- What is about the present shows the present, whatever the period: the queue, overdue, the morning, open appeals by
  territory, and the figures known of this moment only.
- Codes in addresses and of `otklik report --period`: `today`, `7d`, `28d`, `91d`, `month`, `quarter`, `year`,
  `12m`, `all`. Those of before still open: `30d` is `28d`, and `90d` is `91d`. `7d` ended with today, and ends with
  yesterday now.

## The catalogue
"""
CUBES_OF_METRIC = {
    "resolved_share": "`cube_*`, `age_*`",
    "answer_median": "`cube_answer`",
    "answer_p90": "`cube_answer`",
    "oldest_open": "`open_*`",
    "time_allowed": "`open_*`",
    "fast_share": "`cube_intake`",
    **dict.fromkeys(("due_today", "due_tomorrow", "due_week", "newly_overdue"), "`open_*`, the appeals themselves"),
}


@click.command()
@without_streamlit_warnings()
def figures() -> None:
    """Print the catalogue of figures as Markdown: `make docs` writes it to docs/figures.md.

    Each figure with its definition, unit, target and cubes; then, for each of the forty figures of the strongest
    comparable system, the page and panel where it stands here.
    """
    click.echo("\n".join(catalogue_lines()))


def catalogue_lines() -> Iterator[str]:
    """The lines of docs/figures.md."""
    from otklik.small_numbers import MIN_CASES
    from queries.core.cube_routing import AGE_CUBES, CUBES, OPEN_CUBES
    from queries.metrics.catalogue import METRICS

    yield "# Figures\n"
    yield (
        "This page is made by `make docs` from the catalogue (`queries/metrics/catalogue.py`), which defines each "
        "figure once, for pages, tooltips, exports and tests. A day is the calendar day in the region's own time zone; "
        "a period is a half-open range of such days.\n"
    )
    yield (
        f"Small numbers: a share over fewer than {MIN_CASES} cases is shown as its Wilson interval (95 %) on a tile; "
        "in comparisons a share or mean over fewer is left out, and rows with few appeals come last.\n"
    )
    yield PERIODS
    yield from markdown_table(
        ("Figure", "Definition", "Unit", "Better", "Target", "Few cases", "Cubes"),
        map(metric_row, METRICS.values()),
    )
    yield "\nThe cubes, and the dimensions, other than territory and day, by which each can be filtered or grouped:\n"
    for cube, columns in (*CUBES, *OPEN_CUBES, *AGE_CUBES):
        dimensions = ", ".join(f"`{column}`" for column in sorted(columns)) or "nothing else"
        yield f"- `{cube.name}`: {dimensions}"
    yield (
        "\n`cube_*`, `open_*` and `age_*` stand for any of those. What no cube holds (such as a topic within an "
        "organisation) is counted from the appeals themselves, by index.\n"
    )
    yield from coverage_lines()


def coverage_lines() -> Iterator[str]:
    """The lines on where each of the forty figures of the comparable system stands."""
    from otklik.pages import PAGES
    from queries.metrics.catalogue import METRICS
    from queries.metrics.peer_coverage import OWN_METRICS_BY_PAGE, PEER_METRICS, TILE_ROW

    yield "## Where each of the forty figures stands\n"
    yield (
        "The figures of the strongest comparable system (eGov DIGIT, complaint resolution, August 2026), in our words, "
        "and the page and panel with ours. Its compliance rate includes cases that aren't due yet, and its mean rating "
        "comes without coverage; ours are defined as above.\n"
    )
    peer_rows = (
        (
            str(peer_metric.number),
            peer_metric.description,
            ", ".join(METRICS[name].name for name in peer_metric.metric_ids),
            PAGES[peer_metric.page].title,
            peer_metric.panel,
        )
        for peer_metric in PEER_METRICS
    )
    yield from markdown_table(("#", "What it tells", "Our figures", "Page", "Panel"), peer_rows)
    yield "\nIn addition, figures that say how far the others can be trusted:\n"
    own_rows = (
        (METRICS[name].name, PAGES[page].title, TILE_ROW)
        for page, names in OWN_METRICS_BY_PAGE.items()
        for name in names
    )
    yield from markdown_table(("Our figure", "Page", "Panel"), own_rows)


def metric_row(metric: "Metric") -> tuple[str, ...]:
    """The cells of a figure's row in the table of figures."""
    few_cases = "interval" if metric.unit == "share" else "left out of comparisons" if metric.denominator else "–"
    target = "–"
    if metric.target is not None:
        target = f"{metric.target:.0%}" if metric.unit == "share" else f"{metric.target:g} {UNIT_LABELS[metric.unit]}"
    name = f"**{metric.name}** (`{metric.id}`)"
    return (
        name,
        metric.explanation,
        UNIT_LABELS[metric.unit],
        DIRECTION_LABELS[metric.better],
        target,
        few_cases,
        metric_cubes(metric),
    )


def metric_cubes(metric: "Metric") -> str:
    """The cubes from which a figure is computed, as Markdown."""
    from otklik.database.cubes.measures import MEASURES
    from queries.counts.state_sums import DUE_MEASURES, STATE_MEASURES
    from queries.metrics.data_quality import DATA_QUALITY_METRICS
    from queries.metrics.verdicts import VERDICT_METRICS

    if metric.id in CUBES_OF_METRIC:
        return CUBES_OF_METRIC[metric.id]
    if metric.id in VERDICT_METRICS:
        return "the verdicts themselves"
    if metric.id in DATA_QUALITY_METRICS:
        return "`cube_doubt`, the appeals themselves"
    recorder = MeasureRecorder()
    metric.numerator(recorder)
    if metric.denominator:
        metric.denominator(recorder)
    cube_kinds = ["`cube_*`"] if recorder.names & {*MEASURES, *DUE_MEASURES} else []
    cube_kinds += ["`open_*`"] if recorder.names & {"due", *STATE_MEASURES} else []
    cube_kinds += ["inhabitants of the territory"] if "population" in recorder.names else []
    return ", ".join(cube_kinds)


class MeasureRecorder:
    """Stands in for a row of sums and records the names of those that a figure reads."""

    def __init__(self) -> None:
        """Start without names."""
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> int:
        """Record the name; every sum is 1."""
        self.names.add(name)
        return 1


def markdown_table(header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a Markdown table."""
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for cells in rows:
        yield f"| {' | '.join(cells)} |"
