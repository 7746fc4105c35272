"""The situation report as PDF: typeset from data alone, so that no text in it can be markup."""

import json
import tempfile
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import typst

from components.export import images
from components.export.map_svg import map_svg
from components.maps import legend, styling, territory_map
from components.maps.panel import DRAWN, finding
from components.overview import charts
from components.tables import late_appeals
from components.text.escape import line as text
from otklik.i18n import _, current, formats
from otklik.reports.metric_lines import line, targets, verdict
from otklik.reports.situation import Ground, Situation, summary

TEMPLATE = Path(__file__).with_name("situation.typ")
WIDTH, HIGH = 900, 520  # pixels of the map
OVERDUE = ("number", "late", "deadline", "topic", "territory", "organisation", "status")


def pdf(said: Situation) -> bytes:
    """The report as a PDF file."""
    look = images.Look("light", current())
    drawn = {
        "days": charts.by_day(said.daily, said.today)[0] if said.daily["received"].sum() else [],
        "topics": [charts.ranking(said.topics, _("Topics"))[0]] if len(said.topics) else [],
        "territories": [charts.ranking(said.territories, _("Territories"))[0]] if len(said.territories) else [],
    }
    figures = {
        name: [images.chart(one.spec, one.rows, one.height, look) for one in all_]
        for name, all_ in drawn.items()
        if all_
    }
    said_of = {name: "; ".join(one.alt for one in all_) for name, all_ in drawn.items()}
    mapped = atlas(said.ground) if said.ground else None
    if mapped:
        figures["map"] = [{"svg": mapped["svg"]}]
        said_of["map"] = mapped["alt"]
    made = images.converted([images.Picture(parts, "pdf") for parts in figures.values()], look)
    with tempfile.TemporaryDirectory(prefix="otklik-report-") as folder:
        for name, content in zip(figures, made, strict=True):
            Path(folder, f"{name}.pdf").write_bytes(content)
        Path(folder, "situation.typ").write_bytes(TEMPLATE.read_bytes())
        told = json.dumps(content_of(said, {name: said_of[name] for name in figures}, mapped), ensure_ascii=False)
        compiled = typst.Compiler(
            Path(folder, "situation.typ"),
            root=Path(folder),
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": told},
        ).compile(format="pdf", timestamp=said.made.astimezone(UTC))
    if not isinstance(compiled, bytes):
        raise TypeError(compiled)
    return compiled


@cache
def fonts() -> typst.Fonts:
    """The typesetter's own fonts: no report depends on those of the machine."""
    return typst.Fonts(include_system_fonts=False)


def atlas(ground: Ground) -> dict[str, Any]:
    """The map as SVG, what it says, and what its colours mean."""
    rows, found = styling.coloured(ground.rows, ground.figure, change=False, look="light")
    shown = rows.sort_values("received", ascending=False)[DRAWN].reset_index(drop=True)
    deck = json.loads(territory_map.drawn(shown, ground.regions, "light", WIDTH, HIGH).to_json())
    entries = legend.entries(rows, found, ground.figure, change=False, look="light")
    return {
        "svg": map_svg(deck, "light", WIDTH),
        "alt": finding(rows, ground.figure),
        "title": _("{figure} by territory").format(figure=_(ground.figure.name)),
        "legend": [{"fill": one.fill, "label": one.label} for one in entries],
    }


def content_of(said: Situation, shown: dict[str, str], mapped: dict[str, Any] | None) -> dict[str, Any]:
    """All that the template writes, in words."""
    return {
        "language": said.language,
        "title": said.title(),
        "place": text(said.place),
        "days": said.days,
        "narrowed": [text(one) for one in said.narrowed],
        "made": _("Made on {day} at {time} ({zone})").format(
            day=formats.day(said.made.date()), time=formats.clock(said.made), zone=str(said.made.tzinfo)
        ),
        "demo": _("Demo data") if said.demo else "",
        "summary": [*summary(said), *targets(said.figures)],
        "words": {
            "figures": _("Figures"),
            "heads": [_("Figure"), _("Now"), _("Before"), _("Change"), _("Target")],
            "days": _("Received and closed by day"),
            "topics": _("Largest topics"),
            "territories": _("Territories"),
            "overdue": _("Overdue appeals"),
            "nothing": _("Nothing is overdue with these filters."),
            "page": _("Page {n} of {all}"),
        },
        "figures": [[*line(one)[:4], line(one).target, verdict(one)] for one in said.figures],
        "shown": shown,
        "map": {name: mapped[name] for name in ("title", "legend")} if mapped else None,
        "overdue": overdue(said),
        "note": note(said),
    }


def overdue(said: Situation) -> dict[str, Any]:
    """The heads and the rows of the overdue appeals."""
    heads = late_appeals.columns()
    words = [heads["time" if name == "late" else name]["label"] for name in OVERDUE]
    rows = [
        [
            row["number"],
            late_appeals.lasting(abs((said.made - row["deadline_at"]).total_seconds()) / 3600),
            formats.moment(row["deadline_at"]),
            *(row[name] for name in OVERDUE[3:]),
        ]
        for row in said.overdue.to_dict("records")
    ]
    return {"heads": words, "rows": [[text(cell) for cell in row] for row in rows]}


def note(said: Situation) -> str:
    """How many of the overdue appeals are listed."""
    n, total = len(said.overdue), int(said.answer("overdue").value or 0)
    return (
        ""
        if n >= total
        else _("The {n} longest overdue of {total}.").format(n=formats.number(n), total=formats.number(total))
    )
