"""The situation report as PDF. The template gets all texts as data, so that none of them can be markup."""

import json
import tempfile
from pathlib import Path
from typing import Any

from components.export import images
from components.export.map_svg import map_svg
from components.maps import legend, styling, territory_map
from components.maps.panel import DECK_COLUMNS, map_summary
from components.overview import charts
from components.tables.columns import COLUMNS
from components.text.escape import clean_line as text
from otklik.i18n import _, current_language, durations, formats, ngettext
from otklik.i18n.timezones import utc_offset
from otklik.reports.decisions import list_decisions
from otklik.reports.metric_lines import metric_line, target_verdict
from otklik.reports.situation import MapTerritories, Situation, summary_sentences
from otklik.reports.typesetting import find_missing_characters, typeset_pdf

TEMPLATE = Path(__file__).with_name("situation.typ")
MAP_WIDTH, MAP_HEIGHT = 560, 340  # pixels, so few that names are legible
MAX_MISSING_CHARACTERS = 10
OVERDUE_COLUMNS = ("number", "time", "deadline_at", "topic", "territory", "organisation", "status")


def situation_pdf(report: Situation) -> bytes:
    """The report as a PDF file."""
    style = images.ImageStyle("light", current_language())
    section_charts = {
        "days": charts.build_daily_charts(report.daily, report.today)[0] if report.daily["received"].sum() else [],
        "topics": [charts.build_ranking_chart(report.topics, _("Topics"))[0]] if len(report.topics) else [],
        "territories": [charts.build_ranking_chart(report.territories, _("Territories"))[0]]
        if len(report.territories)
        else [],
    }
    section_parts = {
        name: [images.chart_part(chart.spec, chart.rows, chart.height, style) for chart in chart_list]
        for name, chart_list in section_charts.items()
        if chart_list
    }
    alt_texts = {name: "; ".join(chart.alt_text for chart in chart_list) for name, chart_list in section_charts.items()}
    map_section = map_content(report.map_territories) if report.map_territories else None
    if map_section:
        section_parts["map"] = [{"svg": map_section["svg"]}]
        alt_texts["map"] = map_section["alt"]
    requests = [
        images.ImageRequest(parts, "pdf", width=MAP_WIDTH if name == "map" else images.DEFAULT_WIDTH)
        for name, parts in section_parts.items()
    ]
    images_pdf = images.render_images(requests, style)
    with tempfile.TemporaryDirectory(prefix="otklik-report-") as folder:
        for name, content in zip(section_parts, images_pdf, strict=True):
            Path(folder, f"{name}.pdf").write_bytes(content)
        Path(folder, "situation.typ").write_bytes(TEMPLATE.read_bytes())
        data = template_data(report, {name: alt_texts[name] for name in section_parts}, map_section)
        return typeset_pdf(Path(folder, "situation.typ"), data, report.made_at)


def missing_characters_note(characters: list[str]) -> str:
    """Which characters the report shows as empty boxes, by their numbers in Unicode, the first ten; empty for none."""
    if not characters:
        return ""
    codes = ", ".join(f"U+{ord(character):04X}" for character in characters[:MAX_MISSING_CHARACTERS])
    return ngettext(
        "{n} character has no glyph in the report's fonts and is shown as an empty box: {codes}",
        "{n} characters have no glyph in the report's fonts and are shown as empty boxes: {codes}",
        len(characters),
    ).format(
        n=formats.number(len(characters)), codes=codes + (" …" if len(characters) > MAX_MISSING_CHARACTERS else "")
    )


def map_content(map_territories: MapTerritories) -> dict[str, Any]:
    """The map as SVG, with its title, alternative text and legend."""
    rows, classes = styling.style_territories(
        map_territories.rows, map_territories.metric, change=False, theme="light", overall=map_territories.overall
    )
    display_rows = rows.sort_values("received", ascending=False)[DECK_COLUMNS].reset_index(drop=True)
    deck = json.loads(
        territory_map.territory_deck(display_rows, map_territories.regions, "light", MAP_WIDTH, MAP_HEIGHT).to_json()
    )
    entries = legend.legend_entries(rows, classes, map_territories.metric, change=False, theme="light")
    return {
        "svg": map_svg(deck, "light", MAP_WIDTH),
        "alt": map_summary(rows, map_territories.metric),
        "title": _("{figure} by territory").format(figure=_(map_territories.metric.name)),
        "legend": [{"fill": entry.fill, "label": entry.label, "hatched": entry.is_hatched} for entry in entries],
    }


def template_data(report: Situation, alt_texts: dict[str, str], map_section: dict[str, Any] | None) -> dict[str, Any]:
    """All texts of the template in the current language; `alt_texts` are those of charts and map, by section."""
    data = {
        "language": report.language,
        "title": report.title(),
        "territory": text(report.territory_name),
        "period": report.period_text,
        "stocks": " ".join(filter(None, [report.counted_back_text, report.reopened_since_text])),
        "filters": [text(filter_text) for filter_text in report.filter_texts],
        "made_at": _("Made on {day} at {time} ({zone})").format(
            day=formats.day(report.made_at.date()), time=formats.clock(report.made_at), zone=utc_offset(report.made_at)
        ),
        "demo": _("Demo data") if report.is_demo else "",
        "summary": summary_sentences(report),
        "decisions": [
            {"label": decision.label, "lines": [text(line) for line in decision.lines]}
            for decision in list_decisions(report)
        ],
        "labels": {
            "decisions": _("What needs a decision"),
            "no_decisions": _("Nothing is overdue or at risk, no rate is far below the rest, and no target is missed."),
            "figures": _("Figures"),
            "metric_columns": [_("Figure"), _("Now"), _("Previous period"), _("Change"), _("Target")],
            "days": _("Received and closed by day"),
            "topics": _("Largest topics"),
            "territories": _("Territories"),
            "overdue": _("Overdue appeals"),
            "nothing_overdue": _("Nothing is overdue with these filters."),
            "page": _("Page {n} of {all}"),
        },
        "metrics": [
            [line.name, line.value, line.previous, line.change, line.target, target_verdict(metric_value)]
            for metric_value in report.metric_values
            for line in [metric_line(metric_value)]
        ],
        "alt_texts": alt_texts,
        "map": {name: map_section[name] for name in ("title", "legend")} if map_section else None,
        "overdue": overdue_content(report),
        "overdue_note": overdue_note(report),
    }
    return data | {"missing_characters": missing_characters_note(find_missing_characters(data))}


def overdue_content(report: Situation) -> dict[str, Any]:
    """The column titles and the rows of the table of overdue appeals."""
    column_titles = [COLUMNS[key].heading() for key in OVERDUE_COLUMNS]
    rows = [
        [
            row["number"],
            durations.format_duration(abs((report.made_at - row["deadline_at"]).total_seconds()) / 3600),
            formats.moment(row["deadline_at"]),
            *(row[name] for name in OVERDUE_COLUMNS[3:]),
        ]
        for row in report.overdue.to_dict("records")
    ]
    return {"columns": column_titles, "rows": [[text(cell) for cell in row] for row in rows]}


def overdue_note(report: Situation) -> str:
    """How many overdue appeals are listed, where not all are; empty otherwise."""
    n, total = len(report.overdue), int(report.metric_value("overdue").value or 0)
    return (
        ""
        if n >= total
        else _("The {n} longest overdue of {total}.").format(n=formats.number(n), total=formats.number(total))
    )
