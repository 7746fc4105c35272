"""`otklik figures`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from otklik.cli.streamlit_warnings import unserved

if TYPE_CHECKING:
    from queries.metrics.metric import Figure

UNITS = {"count": "appeals", "share": "%", "days": "days", "ratio": "ratio", "rating": "1–5"}
BETTER = {"up": "higher", "down": "lower", None: "–"}
APART = {
    "answer_median": "`cube_answer`",
    "answer_p90": "`cube_answer`",
    "oldest_open": "`open_*`",
    "time_allowed": "`open_*`",
    "fast_share": "`cube_intake`",
}


@click.command()
@unserved()
def figures() -> None:
    """Print the catalogue of figures as Markdown: docs/figures.md is made of it.

    Each figure with its definition, unit, target and the cubes that answer it, and where each of the forty figures of
    the strongest comparable system stands on a screen.
    """
    click.echo("\n".join(document()))


def document() -> Iterator[str]:
    """The lines of docs/figures.md."""
    from queries.core.cube_routing import CUBES, OPEN_CUBES
    from queries.metrics.catalogue import CATALOGUE
    from queries.metrics.metric import FEW

    yield "# Figures\n"
    yield (
        "Made by `make docs` from the catalogue (`queries/metrics/catalogue.py`), the one place in which a figure is defined: "
        "pages, tooltips, exports and tests take it from there. A day is the calendar day in the region's own time "
        "zone; a period is a half-open range of such days.\n"
    )
    yield (
        f"Small numbers: a share over fewer than {FEW} cases is shown as its Wilson interval (95 %) on a tile; in "
        "comparisons a share or mean over fewer is left out, and rows of few appeals stand after all others.\n"
    )
    yield from table(
        ("Figure", "Definition", "Unit", "Better", "Target", "Few cases", "Cubes"),
        map(row, CATALOGUE.values()),
    )
    yield "\nThe cubes, and what each can be narrowed or grouped by besides territory and day:\n"
    for cube, columns in (*CUBES, *OPEN_CUBES):
        by = ", ".join(f"`{column}`" for column in sorted(columns)) or "nothing else"
        yield f"- `{cube.name}`: {by}"
    yield (
        "\n`cube_*` and `open_*` stand for any of those. What none of them holds (a topic within an organisation, say) "
        "is counted from the appeals themselves, by index.\n"
    )
    yield from peers()


def peers() -> Iterator[str]:
    """Where each of the forty figures stands."""
    from components.layout.page import PAGES
    from queries.metrics.catalogue import CATALOGUE
    from queries.metrics.peer_coverage import OURS, SHOWN, TILES

    yield "## Where each of the forty figures stands\n"
    yield (
        "The figures that the strongest comparable system (eGov DIGIT, complaint resolution, August 2026) ships, in "
        "our words, and where ours stands. Its compliance rate counts cases not yet due, and its mean rating comes "
        "without coverage: ours are counted as defined above.\n"
    )
    cells = (
        (
            str(one.number),
            one.what,
            ", ".join(CATALOGUE[name].name for name in one.figures),
            PAGES[one.page][0],
            one.panel,
        )
        for one in SHOWN
    )
    yield from table(("#", "What it tells", "Our figures", "Page", "Panel"), cells)
    yield "\nBesides those, how far the others can be trusted:\n"
    ours = ((CATALOGUE[name].name, PAGES[page][0], TILES) for page, names in OURS.items() for name in names)
    yield from table(("Our figure", "Page", "Panel"), ours)


def row(figure: "Figure") -> tuple[str, ...]:
    """A figure as the cells of a row."""
    few = "interval" if figure.unit == "share" else "left out of comparisons" if figure.denominator else "–"
    target = "–"
    if figure.target is not None:
        target = f"{figure.target:.0%}" if figure.unit == "share" else f"{figure.target:g} {UNITS[figure.unit]}"
    name = f"**{figure.name}** (`{figure.id}`)"
    return name, figure.explanation, UNITS[figure.unit], BETTER[figure.better], target, few, cubes(figure)


def cubes(figure: "Figure") -> str:
    """The cubes that hold what a figure is made of."""
    from otklik.database.tables import MEASURES
    from queries.metrics.data_quality import DOUBTS

    if figure.id in APART:
        return APART[figure.id]
    if figure.id in DOUBTS:
        return "`cube_doubt`, the appeals themselves"
    asked = Asked()
    figure.numerator(asked)
    if figure.denominator:
        figure.denominator(asked)
    parts = ["`cube_*`"] if asked.names & set(MEASURES) else []
    parts += ["`open_*`"] if asked.names & {"open", "overdue", "risked"} else []
    parts += ["inhabitants of the territory"] if "population" in asked.names else []
    return ", ".join(parts)


class Asked:
    """Stands in for sums and remembers which of them a figure asks for."""

    def __init__(self) -> None:
        """Nothing is asked yet."""
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> int:
        """Any sum is one."""
        self.names.add(name)
        return 1


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for cells in rows:
        yield f"| {' | '.join(cells)} |"
