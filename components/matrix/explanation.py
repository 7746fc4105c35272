"""What the matrix compares, in words and symbols: stands once, below it."""

from datetime import date

import streamlit as st

from components.matrix.labels import INDEX, VALUE_LABELS
from otklik.i18n import _, formats, ngettext
from otklik.small_numbers import MIN_CASES

INDEX_FORMULA = "*{index}* = (r₁ × r₂ × … × rₖ)¹ᐟᵏ"
EXPECTED_FORMULA = "*{expected}* = {topic} × {territory} ÷ {all}"


def matrix_notes(weeks: int, weeks_start: date, unplaced: int) -> None:
    """How a cell is judged and marked, what isn't in it, and the formulas.

    `weeks`: how many whole weeks have appeals, from `weeks_start` on. `unplaced`: appeals that are in no cell.
    """
    notes = [_("Recounted every ten minutes.")]
    if unplaced:
        message = ngettext(
            "{n} appeal received has no place in any of these territories and is in no cell.",
            "{n} appeals received have no place in any of these territories and are in no cell.",
            unplaced,
        )
        notes.append(message.format(n=formats.number(unplaced)))
    st.caption(" ".join(notes))
    with st.expander(_("How the matrix is counted")):
        st.markdown(
            _(
                "**Volume**: received ÷ expected. Expected is what the topic would have here if it had the same share "
                "of all appeals as in all territories shown:"
            )
        )
        formula_words = {"topic": _("of the topic"), "territory": _("of the territory"), "all": _("of all")}
        st.markdown(EXPECTED_FORMULA.format(expected=_("expected"), **formula_words))
        st.markdown("\n\n".join(_explanation(weeks, weeks_start)))
        st.markdown(INDEX_FORMULA.format(index=_(VALUE_LABELS[INDEX])))
        st.markdown(
            _(
                "The factors r₁ to rₖ are the ratios of volume, late, returned and badly rated that are known. An "
                "unknown one is left out, and named where the cell is pointed at."
            )
        )


def _explanation(weeks: int, weeks_start: date) -> list[str]:
    """One text per paragraph, the last of which leads to the formula of the index."""
    return [
        _(
            "**Late**, **returned**, **badly rated**: such appeals ÷ those expected, which are the deadlines, first "
            "answers or ratings of the cell times the topic's share over all territories shown. What goes badly "
            "everywhere alike is not seen here: compare topics under “Resolution”."
        ),
        _(
            "Each ratio is shrunk towards 1, so that few cases don't lead (a gamma–Poisson model). **Beyond chance**: "
            "its 95% interval is all above or all below 1, over at least {n} cases."
        ).format(n=formats.number(MIN_CASES)),
        _("Expected is computed from the appeals that you may see: who sees others may read other ratios."),
        _("**Surge**: surely more than usual in the last days, in the cell or below it."),
        _(
            "**Persistent**: of the {weeks} whole weeks since {day}, so many had a ratio of volume or of late above 1 "
            "(of 12, at least 10) that chance, one half each week, doesn't explain it; and so has their sum, beyond "
            "chance."
        ).format(weeks=formats.number(weeks), day=formats.day(weeks_start)),
        _(
            "**Spreading**: from the first half of these weeks to the second, surely more places below the territory "
            "turned to have too many than ceased to."
        ),
        _("**Decided**: a problem of the cell, or below it, is decided on and not yet closed."),
        _("**Harm** is the geometric mean of the ratios:"),
    ]
