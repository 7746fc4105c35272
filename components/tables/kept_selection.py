"""Appeals selected in a table, kept by their keys with the versions that the viewer saw."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from components.tables.selection import RowChoice
from otklik.actions.model import AppealVersion

AppealKeys = tuple[tuple[int, int], ...]
"""Keys of appeals: region and id."""


@dataclass
class KeptSelection:
    """The appeals that a viewer selected in one list, with the versions that they saw.

    A higher `widget_version` makes the table a new widget, which begins with what is selected here. The browser may
    still report the selection of the widget before, which lacks what was selected since; it is ignored.
    """

    selected: dict[tuple[int, int], AppealVersion] = field(default_factory=dict)
    widget_version: int = 0
    widget_key: str = ""
    needs_rerun: bool = False

    def appeals(self) -> list[AppealVersion]:
        """The selected appeals."""
        return list(self.selected.values())

    def row_choice(
        self,
        widget_key: str,
        keys: AppealKeys,
        on_change: Callable[[dict[tuple[int, int], AppealVersion]], None],
        versions: "pd.Series[Any]",
    ) -> RowChoice:
        """The selection of a table whose rows have these keys and versions; `on_change` gets those selected in it."""
        self.widget_key = widget_key

        def save_positions(positions: list[int]) -> None:
            if widget_key == self.widget_key:
                on_change(versions_at(positions, keys, versions))

        selected_positions = [position for position, appeal_key in enumerate(keys) if appeal_key in self.selected]
        return RowChoice(save_positions, selected_positions)

    def rerun_if_needed(self) -> None:
        """Run the whole page again after a change in the list, which is drawn in a fragment."""
        if self.needs_rerun:
            self.needs_rerun = False
            st.rerun()


def row_keys(rows: pd.DataFrame) -> AppealKeys:
    """The key of each row: `region_id` and `id`."""
    return tuple((int(region), int(appeal_id)) for region, appeal_id in zip(rows["region_id"], rows["id"], strict=True))


def versions_at(
    positions: Iterable[int], keys: AppealKeys, versions: "pd.Series[Any]"
) -> dict[tuple[int, int], AppealVersion]:
    """The appeals at some positions by key; `versions` says when each row was changed last."""
    return {keys[position]: AppealVersion(*keys[position], versions.iloc[position]) for position in positions}
