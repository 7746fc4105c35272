"""The dossier of a problem as PDF: one page, and a draft letter on a second. All texts are data, so none is markup."""

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from components.export import images
from components.problems.linked_appeals import build_linked_chart, linked_summary
from components.text.effect_text import effect_sentence
from components.text.escape import clean_line, clean_text
from components.text.problem_text import STATUS_LABELS, plain_due_text
from otklik.i18n import _, current_language, formats
from otklik.i18n.timezones import utc_offset
from otklik.reports.dossier import Dossier
from otklik.reports.dossier_letter import figures_text, first_rows, letter_content
from otklik.reports.situation_pdf import missing_characters_note
from otklik.reports.typesetting import find_missing_characters, typeset_pdf

TEMPLATE = Path(__file__).with_name("dossier.typ")
FONT_SIZES = (10, 9, 8, 7)
"""Points: the largest at which the dossier has one page and the letter another."""
PAGES = 2
MAX_REASON_LENGTH = 160


def dossier_pdf(dossier: Dossier) -> bytes:
    """The dossier as a PDF file."""
    style = images.ImageStyle("light", current_language())
    summary = linked_summary(dossier.linked)
    has_chart = int(dossier.linked.by_week["received"].sum()) > 0
    data = template_data(dossier, summary if has_chart else "")
    data["missing_characters"] = missing_characters_note(find_missing_characters(data))
    with tempfile.TemporaryDirectory(prefix="otklik-dossier-") as folder:
        if has_chart:
            chart = build_linked_chart(dossier.linked, summary)
            parts = [images.chart_part(chart.spec, chart.rows, chart.height, style)]
            (picture,) = images.render_images([images.ImageRequest(parts, "pdf")], style)
            Path(folder, "weeks.pdf").write_bytes(picture)
        template = Path(folder, TEMPLATE.name)
        template.write_bytes(TEMPLATE.read_bytes())
        content = b""
        for size in FONT_SIZES:
            content = typeset_pdf(template, data | {"size": size}, dossier.made_at)
            if len(PdfReader(BytesIO(content)).pages) <= PAGES:
                break
        return content


def template_data(dossier: Dossier, chart_alt: str) -> dict[str, Any]:
    """All texts of the template in the current language; `chart_alt` is empty where no appeal is to be drawn."""
    problem, made_at = dossier.problem, dossier.made_at
    return {
        "language": dossier.language,
        "title": clean_line(problem.title),
        "kind": _("Problem dossier"),
        "status": _(STATUS_LABELS[problem.status]),
        "place": f"{clean_line(problem.topic)} · {clean_line(problem.territory)}",
        "owner": f"{_('Owner')}: {clean_line(problem.owner) if problem.owner else _('nobody yet')}",
        "description": clean_text(problem.description),
        "made_at": _("As of {day}, {time} ({zone})").format(
            day=formats.day(made_at.date()), time=formats.clock(made_at), zone=utc_offset(made_at)
        ),
        "demo": _("Demo data") if dossier.is_demo else "",
        "figures": figures_text(dossier),
        "chart_alt": chart_alt,
        "labels": {
            "appeals": _("The problem's appeals by week"),
            "weeks": _(
                "Received by weeks: grey before the first day of the problem, blue since, pale the week that goes on."
            ),
            "places": _("Places"),
            "organisations": _("Organisations"),
            "columns": [_("Received"), _("Open"), _("Overdue")],
            "remedies": _("Remedies"),
            "no_remedies": _("Nothing is to be done yet."),
            "decisions": _("Who decided what, and why"),
            "page": _("Page {n} of {all}"),
        },
        "worst": [
            [
                [clean_line(row["name"]), *(formats.number(row[name]) for name in ("received", "open", "overdue"))]
                for row in rows.to_dict("records")
            ]
            for rows in (dossier.standing.places, dossier.standing.organisations)
        ],
        "remedies": _remedy_rows(dossier),
        "decisions": _decision_rows(dossier),
        "letter": letter_content(dossier),
    }


def _remedy_rows(dossier: Dossier) -> list[list[str]]:
    """What is done, by whom, and by when or with which effect; a last row says how many more there are."""
    rows = [
        [
            clean_line(row["title"]),
            clean_line(row["responsible"]),
            _("done on {day}").format(day=formats.day(row["done_at"]))
            if row["done_at"]
            else plain_due_text(row["due"], is_overdue=row["is_overdue"]),
            effect_sentence(dossier.effects[row["id"]]) if row["done_at"] else "",
        ]
        for row in dossier.remedies.to_dict("records")
    ]
    return first_rows(rows)


def _decision_rows(dossier: Dossier) -> list[list[str]]:
    """The steps of the problem, the latest first: when, by whom, from which status to which, and why."""
    rows = [
        [
            formats.day(row["at"]),
            clean_line(row["person"]),
            " → ".join(_(STATUS_LABELS[row[side]["status"]]) for side in ("before", "after")),
            _shortened(clean_line(row["reason"])),
        ]
        for row in dossier.history.to_dict("records")
        if row["kind"] == "moved"
    ]
    return first_rows(rows)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_REASON_LENGTH else f"{text[:MAX_REASON_LENGTH].rstrip()}…"
