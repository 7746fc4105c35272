"""The effect of a remedy in words: by how much fewer or more appeals came than expected, or why that isn't known."""

from typing import TYPE_CHECKING

from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.problems.remedy_effects import RemedyEffect
    from queries.statistics.interrupted_series import LevelChange


def effect_sentence(effect: "RemedyEffect") -> str:
    """`After the remedy 38% fewer appeals a week than expected without it (95% interval 21% to 52%), compared …`."""
    if effect.change is None:
        return _obstacle_sentence(effect)
    sentence = _change_sentence(effect, effect.change)
    if not effect.places:
        return f"{sentence}."
    places = ngettext("compared with {n} similar place", "compared with {n} similar places", effect.places)
    return f"{sentence}, {places.format(n=formats.number(effect.places))}."


def _change_sentence(effect: "RemedyEffect", change: "LevelChange") -> str:
    low, high = (formats.percent(abs(bound - 1)) for bound in (change.low, change.high))
    share = formats.percent(abs(change.ratio - 1))
    if change.high < 1:
        # The lower bound of the ratio is that of the larger fall.
        low, high = high, low
        text = (
            _("After the remedy {share} fewer appeals a week than expected without it (95% interval {low} to {high})")
            if effect.is_of_problem
            else _(
                "After the remedy {share} fewer appeals a week than before the problem (95% interval {low} to {high})"
            )
        )
    elif change.low > 1:
        text = (
            _("After the remedy {share} more appeals a week than expected without it (95% interval {low} to {high})")
            if effect.is_of_problem
            else _(
                "After the remedy {share} more appeals a week than before the problem (95% interval {low} to {high})"
            )
        )
    else:
        text = (
            _(
                "No change beyond chance after the remedy: {low} fewer to {high} more appeals a week than expected "
                "without it (95% interval)"
            )
            if effect.is_of_problem
            else _(
                "After the remedy as before the problem, within chance: {low} fewer to {high} more appeals a week "
                "(95% interval)"
            )
        )
    return text.format(share=share, low=low, high=high)


def _obstacle_sentence(effect: "RemedyEffect") -> str:
    if effect.obstacle == "few_after":
        n = effect.week_count("after")
        return ngettext(
            "The effect is not known yet: {n} whole week since, it takes {needed}.",
            "The effect is not known yet: {n} whole weeks since, it takes {needed}.",
            n,
        ).format(n=formats.number(n), needed=formats.number(effect.needed))
    if effect.obstacle == "few_before":
        n = effect.week_count("before") + effect.week_count("raised")
        return ngettext(
            "The effect can't be known: {n} whole week before the remedy counts, it takes {needed}.",
            "The effect can't be known: {n} whole weeks before the remedy count, it takes {needed}.",
            n,
        ).format(n=formats.number(n), needed=formats.number(effect.needed))
    return ngettext(
        "The effect can't be known: fewer than {needed} appeal a week before the remedy.",
        "The effect can't be known: fewer than {needed} appeals a week before the remedy.",
        effect.needed,
    ).format(needed=formats.number(effect.needed))


def effect_notes(effect: "RemedyEffect") -> list[str]:
    """What the expectation is made of, what was left out, and what else may have caused the change, as sentences."""
    notes = []
    if effect.change is not None:
        notes.append(_expectation_note(effect))
    if left_out := effect.week_count("left_out"):
        notes.append(
            ngettext(
                "{n} week is left out: one in which the problem was noticed, after which fewer appeals come anyway, or "
                "of too few to tell a level.",
                "{n} weeks are left out: those in which the problem was noticed, after which fewer appeals come "
                "anyway, and too few to tell a level.",
                left_out,
            ).format(n=formats.number(left_out))
        )
    if effect.others:
        days = ", ".join(formats.day(day) for day in effect.others)
        notes.append(_("Another remedy was done on {days}: the effects can't be told apart.").format(days=days))
    if effect.change is not None and not effect.places and not effect.harmonics:
        notes.append(_("Without a year before and without similar places, a season can't be told from an effect."))
    return notes


def _expectation_note(effect: "RemedyEffect") -> str:
    before, raised = effect.week_count("before"), effect.week_count("raised")
    if raised:
        text = ngettext(
            "Expected: the level of {raised} week of the problem before the remedy, with the trend of {n} in all.",
            "Expected: the level of {raised} weeks of the problem before the remedy, with the trend of {n} in all.",
            raised,
        ).format(raised=formats.number(raised), n=formats.number(before + raised))
    else:
        text = ngettext(
            "Expected: level and trend of {n} week before the problem.",
            "Expected: level and trend of {n} weeks before the problem.",
            before,
        ).format(n=formats.number(before))
    more = ""
    if effect.places:
        more = _("What changed in similar places at the time is no part of the effect.")
    elif effect.harmonics:
        more = _("A season is part of it.")
    return f"{text} {more}".strip()
