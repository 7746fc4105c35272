"""The row of figures: each with its change, its days, and how it is computed."""

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from components.filters.periods import quiet_end
from components.render_cache import replayed
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.metrics.metric import Answer

FEW = 30
DIGITS = {"count": 0, "days": 1, "ratio": 2, "rating": 2}
FLOWS = {"received", "closed", "resolved"}
# Streamlit colours by sign: which sign is good follows from the better direction.
COLOURS = {"up": "normal", "down": "inverse", None: "off"}


class Change(NamedTuple):
    """A change in words: how much, and whether that is better."""

    text: str | int
    word: str


@replayed
def kpi_row(answers: "Sequence[Answer]", *, unfinished: bool) -> None:
    """The answers as tiles: eight in a row on a wide screen, two rows on a laptop.

    Where the last day is `unfinished`, what flows by the day is drawn without it.
    """
    halves = st.grid(2, min_column_width=800)
    middle = (len(answers) + 1) // 2
    quiet = next((quiet_end(answer.series) for answer in answers if answer.figure.id == "received"), 0)
    for half in (answers[:middle], answers[middle:]):
        with halves.cell(), st.grid(4, min_column_width=150):
            for answer in half:
                skipped = quiet or int(unfinished and answer.figure.id in FLOWS)
                tile(answer, answer.series[: len(answer.series) - skipped])


def tile(answer: "Answer", series: "Sequence[float | None]") -> None:
    """One figure; grey, as an interval and without a verdict when its cases are few."""
    change = change_of(answer)
    few = uncertain(answer)
    st.metric(
        _(answer.figure.name),
        f":gray[{value_of(answer)}]" if few else value_of(answer),
        change.text if change else None,
        delta_color="off" if few else COLOURS[answer.figure.better],  # type: ignore[arg-type]
        delta_arrow="off" if few else "auto",
        delta_description=beside(answer, change),
        chart_data=[point for point in series if point is not None] or None,
        chart_type="area",
        border=True,
        height="stretch",
        help=computed(answer),
    )


def uncertain(answer: "Answer") -> bool:
    """Whether the figure is a share of too few cases to be given as one number."""
    return answer.low is not None and answer.high is not None


def value_of(answer: "Answer") -> str:
    """The figure as written on its tile."""
    if answer.value is None:
        return "—"
    if uncertain(answer):
        return f"{formats.number((answer.low or 0) * 100)}–{formats.percent(answer.high or 0)}"
    return in_unit(answer.value, answer.figure.unit)


def in_unit(value: float, unit: str) -> str:
    """A value of a figure in its unit: count, share, days, ratio or rating."""
    if unit == "share":
        return formats.percent(value, 1)
    if unit == "days":
        return formats.days(value)
    return formats.number(value, DIGITS[unit])


def change_of(answer: "Answer") -> Change | None:
    """The change against the comparison period, None where there is nothing to compare."""
    value, previous, unit = answer.value, answer.previous, answer.figure.unit
    if uncertain(answer):
        n = int(answer.denominator or 0)
        return Change(ngettext("{n} case", "{n} cases", n).format(n=formats.number(n)), _("few"))
    if value is None or previous is None:
        return None
    by = value - previous
    if unit == "share":
        by, text = round(by, 3), formats.points(by)
    elif unit == "count" and previous:
        by = round(by / previous, 3)
        text = formats.signed(formats.percent(by, 1), by)
    else:
        by = round(by, DIGITS[unit])
        text = formats.signed(in_unit_change(by, unit), by)
    if not by:
        return Change(0, _("no change"))
    # Streamlit tells a fall by a hyphen, not by a minus sign.
    return Change(text.replace(formats.MINUS, "-"), verdict(by, answer.figure.better))


def in_unit_change(difference: float, unit: str) -> str:
    """A difference in the unit of the figure."""
    if unit == "days":
        return _("{n} d").format(n=formats.number(difference, DIGITS[unit]))
    return formats.number(difference, DIGITS[unit])


def verdict(difference: float, better: str | None) -> str:
    """The change in one word, so that colour never says it alone."""
    if better is None:
        return _("more") if difference > 0 else _("fewer")
    return _("better") if (difference > 0) == (better == "up") else _("worse")


def beside(answer: "Answer", change: Change | None) -> str | None:
    """What stands beside the change: the coverage of a satisfaction, else the verdict."""
    coverage = getattr(answer, "coverage", None)
    if coverage is not None:
        return _("{share} rated").format(share=formats.percent(coverage))
    return change.word if change else None


def computed(answer: "Answer") -> str:
    """How the figure is computed, with the two numbers behind a rate and its target."""
    lines = [_(answer.figure.explanation)]
    if answer.denominator is not None:
        lines.append(
            _("Here: {part} of {whole}.").format(
                part=formats.number(answer.numerator or 0, 1),
                whole=formats.number(answer.denominator),
            )
        )
    if uncertain(answer):
        lines.append(
            _("Fewer than {n} cases: the true share lies in this range, 19 times of 20.")
            .format(n=FEW)
        )  # fmt: skip
    if answer.previous is not None:
        before = in_unit(answer.previous, answer.figure.unit)
        lines.append(_("In the comparison period: {value}.").format(value=before))
    coverage = getattr(answer, "coverage", None)
    if coverage is not None:
        share = formats.percent(coverage, 1)
        lines.append(_("Of those closed, {share} were rated.").format(share=share))
    if answer.figure.target is not None:
        target = in_unit(answer.figure.target, answer.figure.unit)
        lines.append(_("Target: {value}.").format(value=target))
    return "\n\n".join(lines)
