"""How a metric value is computed, in words: for the tooltip of its tile, and the notes beside its change."""

from typing import TYPE_CHECKING

from components.text.metric_text import format_in_unit, is_uncertain, unknown_reason
from otklik.i18n import _, formats, ngettext
from otklik.small_numbers import MIN_CASES

if TYPE_CHECKING:
    from queries.metrics.metric import MetricValue


def within_days(days: int) -> str:
    """The age by which a share is counted, as a note on its tile."""
    return ngettext("within {n} day", "within {n} days", days).format(n=days)


def per_working_day(metric_value: "MetricValue") -> str:
    """A count per working day, and that of the comparison period, which has more or fewer of them."""
    counts = (metric_value.value or 0.0, metric_value.previous or 0.0)
    now, before = (
        formats.fixed_decimal(count / days, 1)
        for count, days in zip(counts, metric_value.working_days or (1, 1), strict=True)
    )
    return _("{now} per working day, before {before}").format(now=now, before=before)


def _age_notes(metric_value: "MetricValue") -> list[str]:
    """By which age a share is counted, how certain it is, and what it is whatever the age."""
    n = metric_value.days or 0
    notes = [
        ngettext(
            "Here: within {n} day of receipt; as certain as a share of {cases} appeals that were followed so long.",
            "Here: within {n} days of receipt; as certain as a share of {cases} appeals that were followed so long.",
            n,
        ).format(n=n, cases=formats.number(metric_value.denominator or 0))
    ]
    if metric_value.by_now is not None:
        by_now = formats.percent(metric_value.by_now, 1)
        notes.append(_("By now, whatever their age, {share} are resolved.").format(share=by_now))
    return notes


def help_text(metric_value: "MetricValue") -> str:
    """How the metric is computed, with the two numbers behind a rate, the comparison and the target."""
    lines = [_(metric_value.metric.explanation)]
    if metric_value.unknown:
        lines.insert(0, unknown_reason(metric_value.unknown))
    if metric_value.days is not None:
        lines.extend(_age_notes(metric_value))
    elif metric_value.denominator is not None:
        lines.append(
            _("Here: {part} of {whole}.").format(
                part=formats.number(metric_value.numerator or 0, 1),
                whole=formats.number(metric_value.denominator),
            )
        )
    if is_uncertain(metric_value):
        lines.append(
            _("Fewer than {n} cases: the range is the 95% interval of the share.")
            .format(n=MIN_CASES)
        )  # fmt: skip
    if metric_value.previous is not None:
        previous_text = format_in_unit(metric_value.previous, metric_value.metric.unit, metric_value.value)
        lines.append(_("In the comparison period: {value}.").format(value=previous_text))
    if metric_value.working_days is not None:
        lines.append(
            _("The periods have {n} and {m} working days: {per_day}.").format(
                n=metric_value.working_days[0], m=metric_value.working_days[1], per_day=per_working_day(metric_value)
            )
        )
    coverage = getattr(metric_value, "coverage", None)
    if coverage is not None:
        coverage_text = formats.percent(coverage, 1)
        lines.append(_("Of those closed, {share} were rated.").format(share=coverage_text))
    if metric_value.metric.target is not None:
        target_text = format_in_unit(metric_value.metric.target, metric_value.metric.unit)
        lines.append(_("Target: {value}.").format(value=target_text))
    return "\n\n".join(lines)
