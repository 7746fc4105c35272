"""The wall's section of surges: what has surely more appeals than usual, or in words that nothing has."""

from html import escape
from typing import TYPE_CHECKING, Any

from components.text.escape import clean_line
from components.text.surge_text import search_day, search_trouble, surge_counts, surge_course, usual_range
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.surges.episodes import Surges

MAX_SURGES = 3


def surges_html(surges: "Surges") -> str:
    """The surges that go on first, side by side; that there is none, or that they weren't searched for, in words."""
    title = escape(_("Surges"))
    trouble = search_trouble(surges.searched_day, is_current=surges.is_current)
    if surges.searched_day is None:
        return f'<div class="title"><h2>{title}</h2></div><p class="trouble">{escape(trouble)}</p>'
    searched = search_day(surges.searched_day)
    notes = [f'<p class="trouble">{escape(trouble)}</p>' if trouble else f"<p>{escape(searched)}</p>"]
    if more_count := surges.total - len(surges.rows.head(MAX_SURGES)):
        text = ngettext("{n} more", "{n} more", more_count).format(n=formats.number(more_count))
        notes.append(f"<p>{escape(text)}</p>")
    rows = surges.rows.head(MAX_SURGES).to_dict("records")
    if rows:
        items = "".join(map(_surge_html, rows))
    elif trouble:
        items = ""
    else:
        message = _("No topic has surely more appeals from a place than usual.")
        items = f'<p class="empty">{escape(message)}</p>'
    return f'<div class="title"><h2>{title}</h2>{"".join(notes)}</div>{items}'


def _surge_html(surge: "Mapping[Any, Any]") -> str:
    """Topic and place, how many appeals and how many are usual, and since when."""
    name = f"{clean_line(surge['topic'])} · {clean_line(surge['territory'])}"
    counts = _("{counts}; usual {usual}").format(
        counts=surge_counts(surge["observed"], surge["window_days"]),
        usual=usual_range(surge["usual_low"], surge["usual_high"]),
    )
    course = "goes-on" if surge["is_going_on"] else "ended"
    return (
        f'<div class="surge {course}"><p class="name">{escape(name)}</p>'
        f'<p class="counts">{escape(counts)}</p><p class="course">{escape(surge_course(surge))}</p></div>'
    )
