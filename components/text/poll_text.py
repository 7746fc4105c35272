"""Polls in words: their statuses, when they close, whether they reach their quorum, and groups of voters."""

from otklik.i18n import N_, _, formats, ngettext

STATUS_LABELS = {"upcoming": N_("Upcoming"), "running": N_("Running"), "closed": N_("Closed")}
"""By the statuses of `queries.polls.details.Poll`, in the order of time."""
DIMENSION_LABELS = {
    "territory": N_("By territory"),
    "channel": N_("By channel"),
    "age": N_("By age"),
    "sex": N_("By sex"),
}
SEX_LABELS = {1: N_("Men"), 2: N_("Women")}
AGE_BANDS = (14, 18, 25, 35, 45, 55, 65)
"""As `otklik.database.functions.votes` has them."""
UNKNOWN, ELSEWHERE = 0, -1
"""Keys of groups: those of whom it isn't known, and those who live outside the poll's territory."""

MIN_SHOWN_SHARE = 0.001
"""Shares are written to a tenth of a percent."""


def votes_text(ballots: int, turnout: float | None) -> str:
    """`1,204 votes, 3.1% of those eligible`."""
    votes = ngettext("{n} vote", "{n} votes", ballots).format(n=formats.number(ballots))
    if turnout is None:
        return votes
    if 0 < turnout < MIN_SHOWN_SHARE:
        return _("{votes}, less than {share} of those eligible").format(
            votes=votes, share=formats.percent(MIN_SHOWN_SHARE, 1)
        )
    return _("{votes}, {share} of those eligible").format(votes=votes, share=formats.percent(turnout, 1))


def quorum_text(needed: int | None, missing: int | None, status: str) -> str:
    """How far the quorum is, as Markdown."""
    if needed is None or missing is None:
        text = _("no quorum")
        return f":gray[{text}]"
    quorum, lacking = formats.number(needed), formats.number(missing)
    if status == "upcoming":
        return _("quorum: {n}").format(n=quorum)
    if not missing:
        text = _("quorum of {n} reached").format(n=quorum)
        return f":green[:material/check: {text}]"
    if status == "closed":
        text = _("{missing} short of the quorum of {n}").format(missing=lacking, n=quorum)
    else:
        text = _("{missing} to go to the quorum of {n}").format(missing=lacking, n=quorum)
    return f":orange[{text}]"


def days_left_text(days: int) -> str:
    """When a running poll closes, in days of its territory."""
    if days <= 0:
        return _("closes today")
    if days == 1:
        return _("closes tomorrow")
    return ngettext("closes in {n} day", "closes in {n} days", days).format(n=formats.number(days))


def group_label(dimension: str, key: int, name: str | None) -> str:
    """What a group of voters is called; `name`: of a territory or channel."""
    if key == ELSEWHERE:
        return _("Elsewhere")
    if key == UNKNOWN:
        return _("Unknown")
    if dimension == "sex":
        return _(SEX_LABELS[key])
    if dimension != "age":
        return str(name)
    last = next((band - 1 for band in AGE_BANDS if band > key), None)
    return _("{first} and older").format(first=key) if last is None else f"{key}–{last}"


def unit_text(unit: float) -> str:
    """What shares are rounded to: `5%`, or `0.5%`."""
    return formats.percent(unit, 0 if unit >= 0.01 else 1)  # noqa: PLR2004 -- a whole percent
