"""How a figure of many territories is written and coloured: on the map, in its legend, in the list."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from components.maps import classification
from components.render_cache import replayed
from components.tiles.kpi_tile import in_unit, in_unit_change
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from components.maps.classification import Classes
    from queries.metrics.metric import Figure


def theme() -> str:
    """`light` or `dark`, as the browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


@replayed
def coloured(rows: pd.DataFrame, figure: "Figure", *, change: bool, look: str) -> "tuple[pd.DataFrame, Classes]":
    """The rows with what is drawn of each: `measure`, `sure`, `fill`, `text` and `tip`; and the classes.

    `rows`: queries.regions.territories.coloured. Few cases are grey, whatever they say; nothing to count is nearly blank.
    """
    measure = rows["change"] if change else rows["value"]
    few = rows["change_few"] if change else rows["few"]
    sure = ~few & measure.notna()
    found = of(list(measure[sure]), figure, change=change, look=look)
    fills = [
        found.colours[found.of(value)] if ok else classification.FEW[look] if scarce else classification.NOTHING[look]
        for value, ok, scarce in zip(measure, sure, few & rows["cases"].gt(0), strict=True)
    ]
    drawn = rows.assign(measure=measure, sure=sure, fill=fills)
    drawn["text"] = [text(row, figure, change=change) for row in drawn.to_dict("records")]
    drawn["tip"] = [tip(row, figure, change=change) for row in drawn.to_dict("records")]
    return drawn, found


def of(values: list[float], figure: "Figure", *, change: bool, look: str) -> "Classes":
    """The classes of some values: about no change, about the target, or from little to much."""
    if change:
        return classification.changes(values, figure.better, look)
    if figure.target is not None:
        return classification.diverging(values, figure.target, figure.better, look)
    return classification.sequential(values, look)


def text(row: dict[Hashable, Any], figure: "Figure", *, change: bool) -> str:
    """A territory's figure (or its change) as written in the list; few cases as what they are."""
    if change:
        if pd.isna(row["change"]):
            return "—"
        return _("few") if row["change_few"] else changed(row["change"], figure)
    if pd.isna(row["value"]):
        return "—"
    if row["few"]:
        n = int(row["cases"])
        if figure.unit == "share":
            part = formats.number(row["value"] * n)
            return _("few: {part} of {whole}").format(part=part, whole=formats.number(n))
        return ngettext("few: {n} case", "few: {n} cases", n).format(n=formats.number(n))
    return in_unit(row["value"], figure.unit)


def changed(change: float, figure: "Figure") -> str:
    """A change with its sign: of a share in points, of a count in per cent, of others in their unit."""
    if figure.unit == "share":
        return formats.points(change)
    if figure.unit == "count":
        return formats.signed(formats.percent(round(change, 3), 1), round(change, 3))
    return formats.signed(in_unit_change(change, figure.unit), round(change, 2))


def tip(row: dict[Hashable, Any], figure: "Figure", *, change: bool) -> str:
    """What the map says of a territory: its name, the figure with the numbers behind it, and how much there is."""
    name = _(figure.name)
    lines = [str(row["name"])]
    value = "—" if pd.isna(row["value"]) else in_unit(row["value"], figure.unit)
    if figure.denominator and not pd.isna(row["value"]):
        hits = row["value"] * row["cases"]
        behind = _("{part} of {whole}") if figure.unit == "share" else _("of {whole}")
        behind = behind.format(part=formats.number(hits), whole=formats.number(row["cases"]))
        lines.append(f"{name}: {value} ({behind})")
    else:
        lines.append(f"{name}: {value}")
    if row["few"] or (change and row["change_few"]):
        lines.append(_("Fewer than 30 cases: too few to judge"))
    elif change and not pd.isna(row["change"]):
        before = in_unit(row["previous"], figure.unit)
        lines.append(_("{change} against {before} before").format(change=changed(row["change"], figure), before=before))
    counts = _("Received {received}, open {open}, overdue {overdue}")
    lines.append(counts.format(**{key: formats.number(row[key]) for key in ("received", "open", "overdue")}))
    return "\n".join(lines)
