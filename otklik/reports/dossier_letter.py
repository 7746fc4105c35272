"""A draft letter about a problem to whoever is to do something against it, with its figures filled in."""

from components.text.escape import clean_line, clean_text
from otklik.i18n import _, formats, ngettext
from otklik.reports.dossier import Dossier

MAX_ROWS = 6


def letter_content(dossier: Dossier) -> dict[str, object]:
    """The parts of the letter in the current language; the addressee is empty where no remedy is to be done."""
    remedies = dossier.open_remedies()
    addressee = remedies[0]["responsible"] if remedies else ""
    theirs = [row for row in remedies if row["responsible"] == addressee]
    return {
        "heading": _("Draft letter"),
        "to": _("To"),
        "addressee": clean_line(addressee),
        "subject": _("On: {title}").format(title=clean_line(dossier.problem.title)),
        "figures": figures_text(dossier),
        "description": clean_text(dossier.problem.description),
        "asked": _asked_text(dossier, is_empty=not theirs),
        "remedies": first_rows(
            [
                [_("{what}, due {day}").format(what=clean_line(row["title"]), day=formats.day(row["due"]))]
                for row in theirs
            ]
        ),
        "answer": _("That day is over: please tell us without delay what has been done, and what remains.")
        if theirs and theirs[0]["is_overdue"]
        else _("Please tell us by then what has been done, and what remains."),
        "signature": _("Name, position, signature"),
        "date": _("Date"),
    }


def first_rows(rows: list[list[str]]) -> list[list[str]]:
    """The first six rows, with a last one that says how many more there are; all have as many cells."""
    if len(rows) <= MAX_ROWS:
        return rows
    more = _("… and {n} more").format(n=formats.number(len(rows) - MAX_ROWS))
    return [*rows[:MAX_ROWS], [more, *("" for _cell in rows[0][1:])]]


def figures_text(dossier: Dossier) -> str:
    """How many appeals there are since the first day, and how they stand."""
    problem, standing = dossier.problem, dossier.standing
    return ngettext(
        "{territory}: {n} appeal on “{topic}” has been received since {day}. Open: {open}, of these overdue: "
        "{overdue}.",
        "{territory}: {n} appeals on “{topic}” have been received since {day}. Open: {open}, of these overdue: "
        "{overdue}.",
        standing.received,
    ).format(
        territory=clean_line(problem.territory),
        topic=clean_line(problem.topic),
        n=formats.number(standing.received),
        day=formats.day(problem.since),
        open=formats.number(standing.open),
        overdue=formats.number(standing.overdue),
    )


def _asked_text(dossier: Dossier, *, is_empty: bool) -> str:
    if is_empty:
        return _("Please look into the cause, and say what will be done about it and by when.")
    decided = [row for row in dossier.history.to_dict("records") if row["kind"] == "remedy_added"]
    if not decided:
        return _("To be done:")
    return _("Decided on {day}, to be done:").format(day=formats.day(decided[0]["at"]))
