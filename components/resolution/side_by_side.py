"""Two territories or two organisations beside each other, in every figure."""

from collections.abc import Hashable, Mapping
from math import isnan
from typing import TYPE_CHECKING, Literal

import pandas as pd
import streamlit as st

from components.filters.select import labels
from components.filters.territory import switch
from components.layout.panel import empty
from components.render_cache import replayed
from components.tables.league import explained
from components.tiles.kpi_tile import in_unit, in_unit_change
from components.url import query_params
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from queries.metrics.metric import Figure

KINDS = {"territory": N_("Territories"), "organisation": N_("Organisations")}
Kind = Literal["territory", "organisation"]
SIDES = ("a", "b")
Row = Mapping[Hashable, float]  # and the figure's id


def kind() -> Kind:
    """Whether territories or organisations are compared: a choice in the address."""
    chosen = switch("pair", _("What to compare"), {name: _(word) for name, word in KINDS.items()})
    return "organisation" if chosen == "organisation" else "territory"


def two(options: pd.DataFrame, usual: list[str]) -> tuple[str, str] | None:
    """Two of the options by their codes, from the address; the usual ones where it names none.

    `options`: code, name, and in a tree parent and level, in the order of display. None where there are fewer.
    """
    if len(options) < len(SIDES):
        empty(_("There are no two to compare here."))
        return None
    names = labels(options)
    codes = list(names)
    first = [*(code for code in usual if code in names), *(code for code in codes if code not in usual)]
    bad: list[str] = []
    chosen: list[str] = []
    for side, place, one in zip(SIDES, st.columns(2), first[:2], strict=True):
        # Where others are the usual ones it is another widget: what the one before says is no choice.
        key = f"versus-{side}-{one}"
        st.session_state[key] = query_params.read(side, names, one, bad)
        with place:
            word = _("One") if side == "a" else _("The other")
            code: str = st.selectbox(
                word,
                codes,
                format_func=names.__getitem__,
                key=key,
                label_visibility="collapsed",
                on_change=keep,
                args=(side, key),
            )
        chosen.append(code)
    return chosen[0], chosen[1]


def named(options: pd.DataFrame, pair: tuple[str, str]) -> tuple[str, str]:
    """The names of the two."""
    names = options.set_index("code")["name"]
    return str(names[pair[0]]), str(names[pair[1]])


def keep(side: str, key: str) -> None:
    """Write a choice into the address."""
    query_params.write(**{side: st.session_state[key]})


@replayed
def table(rows: pd.DataFrame, figures: "Mapping[str, Figure]", names: tuple[str, str]) -> None:
    """Every figure of both, with the bounds of shares, and the difference. `rows`: queries.resolution.side_by_side.both."""
    shown = pd.DataFrame(
        [
            {
                "figure": _(figures[row["figure"]].name),
                "a": _valued(row, "a", figures[row["figure"]]),
                "b": _valued(row, "b", figures[row["figure"]]),
                "difference": _apart(row, figures[row["figure"]]),
                "verdict": _verdict(row, figures[row["figure"]]),
                "definition": explained(figures[row["figure"]]).replace("\n\n", " "),
            }
            for row in rows.to_dict("records")
        ]
    )
    columns = {
        "figure": (_("Figure"), 190),
        "a": (names[0], 215),
        "b": (names[1], 215),
        "difference": (_("Difference"), 215),
        "verdict": (_("Sure?"), 150),
        "definition": (_("Definition"), 520),
    }
    st.dataframe(
        shown,
        key="versus",
        hide_index=True,
        height=430,
        column_config={
            name: st.column_config.TextColumn(word, width=width, pinned=name == "figure")
            for name, (word, width) in columns.items()
        },
        alt=_("{a} and {b} in every figure, with their difference").format(a=names[0], b=names[1]),
    )
    st.caption(
        _(
            "In brackets: where the true share lies, 19 times of 20 (Wilson; for a difference Newcombe). "
            "A difference is sure where its bounds are both above or both below zero."
        )
    )


def _valued(row: Row, side: str, figure: "Figure") -> str:
    value, low, high = (row[f"{side}_{name}"] for name in ("value", "low", "high"))
    if isnan(value):
        return "—"
    said = in_unit(value, figure.unit)
    return said if isnan(low) else f"{said} ({formats.exact(low * 100, 1)}–{formats.percent(high, 1)})"


def _apart(row: Row, figure: "Figure") -> str:
    by = row["difference"]
    if isnan(by):
        return "—"
    if figure.unit != "share":
        return formats.signed(in_unit_change(by, figure.unit), by)
    said = formats.points(by)
    if isnan(row["low"]):
        return said
    ends = [formats.signed(formats.exact(row[name] * 100, 1), row[name]) for name in ("low", "high")]
    return f"{said} ({ends[0]} … {ends[1]})"


def _verdict(row: Row, figure: "Figure") -> str:
    """Which of the two is surely better, for a share with bounds."""
    if isnan(row["low"]):
        return ""
    if row["low"] <= 0 <= row["high"]:
        return _("not sure")
    if figure.better is None:
        return _("sure")
    return _("first is better") if (row["low"] > 0) == (figure.better == "up") else _("second is better")
