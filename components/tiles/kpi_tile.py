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
def kpi_row(metric_values: "Sequence[Answer]", *, unfinished: bool) -> None:
    """The answers as tiles: eight in a row on a wide screen, two rows on a laptop.

    Where the last day is `unfinished`, what flows by the day is drawn without it.
    """
    halves = st.grid(2, min_column_width=800)
    middle = (len(metric_values) + 1) // 2
    quiet_days = next(
        (quiet_end(metric_value.series) for metric_value in metric_values if metric_value.figure.id == "received"), 0
    )
    for half in (metric_values[:middle], metric_values[middle:]):
        with halves.cell(), st.grid(4, min_column_width=150):
            for metric_value in half:
                skipped_days = quiet_days or int(unfinished and metric_value.figure.id in FLOWS)
                tile(metric_value, metric_value.series[: len(metric_value.series) - skipped_days])


def tile(metric_value: "Answer", series: "Sequence[float | None]") -> None:
    """One figure; grey, as an interval and without a verdict when its cases are few."""
    change = change_of(metric_value)
    has_few_cases = uncertain(metric_value)
    st.metric(
        _(metric_value.figure.name),
        f":gray[{value_of(metric_value)}]" if has_few_cases else value_of(metric_value),
        change.text if change else None,
        delta_color="off" if has_few_cases else COLOURS[metric_value.figure.better],  # type: ignore[arg-type]
        delta_arrow="off" if has_few_cases else "auto",
        delta_description=beside(metric_value, change),
        chart_data=[point for point in series if point is not None] or None,
        chart_type="area",
        border=True,
        height="stretch",
        help=computed(metric_value),
    )


def uncertain(metric_value: "Answer") -> bool:
    """Whether the figure is a share of too few cases to be given as one number."""
    return metric_value.low is not None and metric_value.high is not None


def value_of(metric_value: "Answer") -> str:
    """The figure as written on its tile."""
    if metric_value.value is None:
        return "—"
    if uncertain(metric_value):
        return f"{formats.number((metric_value.low or 0) * 100)}–{formats.percent(metric_value.high or 0)}"
    return in_unit(metric_value.value, metric_value.figure.unit)


def in_unit(value: float, unit: str) -> str:
    """A value of a figure in its unit: count, share, days, ratio or rating."""
    if unit == "share":
        return formats.percent(value, 1)
    if unit == "days":
        return formats.days(value)
    return formats.number(value, DIGITS[unit])


def change_of(metric_value: "Answer") -> Change | None:
    """The change against the comparison period, None where there is nothing to compare."""
    value, previous, unit = metric_value.value, metric_value.previous, metric_value.figure.unit
    if uncertain(metric_value):
        n = int(metric_value.denominator or 0)
        return Change(ngettext("{n} case", "{n} cases", n).format(n=formats.number(n)), _("few"))
    if value is None or previous is None:
        return None
    difference = value - previous
    if unit == "share":
        difference, text = round(difference, 3), formats.points(difference)
    elif unit == "count" and previous:
        difference = round(difference / previous, 3)
        text = formats.signed(formats.percent(difference, 1), difference)
    else:
        difference = round(difference, DIGITS[unit])
        text = formats.signed(in_unit_change(difference, unit), difference)
    if not difference:
        return Change(0, _("no change"))
    # Streamlit tells a fall by a hyphen, not by a minus sign.
    return Change(text.replace(formats.MINUS, "-"), verdict(difference, metric_value.figure.better))


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


def beside(metric_value: "Answer", change: Change | None) -> str | None:
    """What stands beside the change: the coverage of a satisfaction, else the verdict."""
    coverage = getattr(metric_value, "coverage", None)
    if coverage is not None:
        return _("{share} rated").format(share=formats.percent(coverage))
    return change.word if change else None


def computed(metric_value: "Answer") -> str:
    """How the figure is computed, with the two numbers behind a rate and its target."""
    lines = [_(metric_value.figure.explanation)]
    if metric_value.denominator is not None:
        lines.append(
            _("Here: {part} of {whole}.").format(
                part=formats.number(metric_value.numerator or 0, 1),
                whole=formats.number(metric_value.denominator),
            )
        )
    if uncertain(metric_value):
        lines.append(
            _("Fewer than {n} cases: the true share lies in this range, 19 times of 20.")
            .format(n=FEW)
        )  # fmt: skip
    if metric_value.previous is not None:
        previous_text = in_unit(metric_value.previous, metric_value.figure.unit)
        lines.append(_("In the comparison period: {value}.").format(value=previous_text))
    coverage = getattr(metric_value, "coverage", None)
    if coverage is not None:
        coverage_text = formats.percent(coverage, 1)
        lines.append(_("Of those closed, {share} were rated.").format(share=coverage_text))
    if metric_value.figure.target is not None:
        target_text = in_unit(metric_value.figure.target, metric_value.figure.unit)
        lines.append(_("Target: {value}.").format(value=target_text))
    return "\n\n".join(lines)
