"""Bars of what applicants say of answers that were officially resolved."""

import pandas as pd

from components.charts.chart import Chart, show_chart
from components.charts.interaction import filter_on_click
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from components.satisfaction.low_rating_outcomes import ROW_HEIGHT, outcome_bars_spec
from otklik.i18n import N_, _, current_language, formats

# By verdict of queries.satisfaction.verdicts: the label, and the colour's name in the palette.
VERDICT_LABELS = {
    "yes": (N_("the applicant says resolved"), "good"),
    "partly": (N_("the applicant says in part"), "usual"),
    "no": (N_("the applicant says not resolved"), "bad"),
}


def verdict_chart(rows: pd.DataFrame) -> None:
    """Show how many answers had each verdict; a click on one lists them.

    `rows`: queries.satisfaction.verdicts.verdict_counts.
    """
    show_chart(build_verdicts(rows), **filter_on_click("answers", key="verdicts"))


@cached_render
def build_verdicts(rows: pd.DataFrame) -> Chart | None:
    """Build the bars; None (and an empty state) without verdicts.

    `rows`: queries.satisfaction.verdicts.verdict_counts.
    """
    total = int(rows["appeals"].sum())
    if not total:
        empty_state(_("No applicant said in these days with these filters whether an answer resolved the matter."))
        return None
    display_rows = rows.assign(
        code=[f"verdict-{verdict}" for verdict in rows["verdict"]],
        name=[_(VERDICT_LABELS[verdict][0]) for verdict in rows["verdict"]],
        tone=[VERDICT_LABELS[verdict][1] for verdict in rows["verdict"]],
        amount=[f"{formats.number(n)} · {formats.percent(n / total)}" for n in rows["appeals"]],
    )
    disputed = int(rows.loc[rows["verdict"] == "no", "appeals"].sum())
    alt_text = _(
        "Of {n} answers with the outcome “resolved”, {share} are not resolved, as their applicants say."
    ).format(n=formats.number(total), share=formats.percent(disputed / total))
    return Chart(display_rows, outcome_bars_spec(current_language()), ROW_HEIGHT * len(display_rows) + 10, alt_text)
