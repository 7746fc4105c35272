"""The order of the rows and columns of the matrix."""

from typing import Literal

import numpy as np
import pandas as pd

from queries.statistics.leaf_order import similar_rows_together

Order = Literal["worst", "similar", "name"]
Axis = Literal["topic", "territory"]


def ordered_codes(cells: pd.DataFrame, axis: Axis, value: str, order: Order) -> list[str]:
    """The codes of the topics or territories in an order.

    `worst`: by the highest ratio beyond chance, then by the highest of all. `similar`: clustered by the ratios, unknown
    ones taken as 1. `name`: by name, with ё as е. `cells`: those of queries.matrix.cells.Matrix. `value`: the ratio
    shown.
    """
    code = f"{axis}_code"
    if order == "similar":
        other = "territory_code" if axis == "topic" else "topic_code"
        ratios = cells.pivot_table(index=code, columns=other, values=value, sort=False, dropna=False)
        logs = np.nan_to_num(np.log(ratios.to_numpy(float)))
        return [str(ratios.index[position]) for position in similar_rows_together(logs)]
    sure = cells[value].where(cells[f"{value}_side"] > 0)
    members = cells.assign(sure=sure.fillna(0), value=cells[value].fillna(0)).groupby(code, sort=False)
    best = members[["sure", "value"]].max().assign(name=members[axis].first().str.lower().str.replace("ё", "е"))
    keys = ["name"] if order == "name" else ["sure", "value", "name"]
    ranked = best.sort_values(keys, ascending=[key == "name" for key in keys])
    return [str(member) for member in ranked.index]
