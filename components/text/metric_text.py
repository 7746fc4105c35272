"""Metric values in words: value, change, verdict, and how the metric is computed."""

from typing import TYPE_CHECKING, NamedTuple

from otklik.i18n import N_, _, formats, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.metrics.metric import MetricValue

FIELD_LABELS = {
    "outcome": N_("outcomes"),
    "deadline_at": N_("deadlines"),
    "rating": N_("ratings"),
    "reopened": N_("re-openings"),
    "first_holder": N_("first organisations"),
    "regime": N_("regimes"),
    "first_answer": N_("history of first answers"),
}
"""Of appeals, as in "the source gives no outcomes"."""

SHORT_REASONS = {
    "outcome": N_("no outcomes given"),
    "deadline_at": N_("no deadlines given"),
    "rating": N_("no ratings given"),
    "reopened": N_("no re-openings given"),
    "first_holder": N_("no first organisation given"),
    "regime": N_("no regimes given"),
    "first_answer": N_("first answers not known"),
}
"""By the same fields, for a tile."""

NO_VALUE = "—"


class MetricChange(NamedTuple):
    """A change: how much in words, the verdict on it, its direction, and whether it is an improvement.

    `direction`: 1 for a rise, -1 for a fall, otherwise 0. `is_better` is None within what chance does, and where there
    is no matter of better or worse; `verdict` is empty there.
    """

    text: str
    verdict: str
    direction: int
    is_better: bool | None = None


def is_uncertain(metric_value: "MetricValue") -> bool:
    """Whether the value is a share of too few cases to be shown as one number."""
    return metric_value.low is not None and metric_value.high is not None


def value_text(metric_value: "MetricValue") -> str:
    """The value as its tile shows it: a dash for none, an interval for few cases."""
    if metric_value.value is None:
        return NO_VALUE
    if is_uncertain(metric_value):
        return f"{formats.number((metric_value.low or 0) * 100)}–{formats.percent(metric_value.high or 0)}"
    return format_in_unit(metric_value.value, metric_value.metric.unit)


def format_in_unit(value: float, unit: str, beside: float | None = None) -> str:
    """A value in its unit (count, share from 0 to 1, days, ratio or rating), with as many decimals each time.

    With `beside` days are written in the unit of that duration: for a difference, or the values of one scale.
    """
    if unit == "share":
        return formats.percent(value, 1)
    if unit == "days":
        return formats.days(value, beside)
    return formats.fixed_decimal(value, 2) if unit in ("ratio", "rating") else formats.number(value)


def metric_change(metric_value: "MetricValue") -> MetricChange | None:
    """The change against the comparison period, None where there is nothing to compare."""
    value, previous, unit = metric_value.value, metric_value.previous, metric_value.metric.unit
    if is_uncertain(metric_value):
        n = int(metric_value.denominator or 0)
        return MetricChange(ngettext("{n} case", "{n} cases", n).format(n=formats.number(n)), _("few"), 0)
    if value is None or previous is None:
        return None
    difference = value - previous
    if unit == "count" and previous:
        text = format_relative_change(difference / previous, previous)
    else:
        text = format_difference(difference, unit, value)
    if not formats.shows_amount(text):
        return MetricChange("", _("no change"), 0)
    is_better = is_improvement(metric_value)
    return MetricChange(text, change_verdict(metric_value), 1 if difference > 0 else -1, is_better)


def format_difference(difference: float, unit: str, beside: float | None = None) -> str:
    """A difference with its sign: of shares in percentage points, of days in the unit of the value `beside` it."""
    if unit == "share":
        return formats.percentage_points(difference)
    return formats.signed_text(format_in_unit(difference, unit, beside), difference)


def format_relative_change(ratio: float, previous: float = 0) -> str:
    """A change of a count in per cent with its sign; in appeals where it is less than a tenth of a per cent."""
    text = formats.percent(ratio, 1)
    if not formats.shows_amount(text):
        count_text = formats.number(ratio * previous)
        text = count_text if formats.shows_amount(count_text) else text
    return formats.signed_text(text, ratio)


def is_improvement(metric_value: "MetricValue") -> bool | None:
    """Whether a change is for the better; None within its 95 % interval, and where that isn't known."""
    low, high = metric_value.change_interval or (0.0, 0.0)
    return None if low <= 0 <= high else (low > 0) == (metric_value.metric.better == "up")


def change_verdict(metric_value: "MetricValue") -> str:
    """The verdict on a change in one word, so that it doesn't depend on colour; empty where there is none."""
    if metric_value.change_interval is None:
        return ""
    is_better = is_improvement(metric_value)
    return _("within usual") if is_better is None else _("better") if is_better else _("worse")


def unknown_reason(field: str) -> str:
    """Why a figure is unknown: the source lacks a field (a key of `FIELD_LABELS`)."""
    return _("Unknown: the source gives no {field}.").format(field=_(FIELD_LABELS[field]))


def unknown_notes(fields_by_figure: "Mapping[str, str]") -> list[str]:
    """One sentence per lacking field: the figures (English names) that are unknown without it."""
    figures_by_field: dict[str, list[str]] = {}
    for figure, field in fields_by_figure.items():
        figures_by_field.setdefault(field, []).append(_(figure))
    return [
        _("The source gives no {field}, so these are unknown: {figures}.").format(
            field=_(FIELD_LABELS[field]), figures=", ".join(figures)
        )
        for field, figures in figures_by_field.items()
    ]
