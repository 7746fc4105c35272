"""The share closed by each day since receipt, with what is still open counted up to its age.

The estimate is that of E. L. Kaplan and P. Meier (1958, JASA 53, 457-481). Of its last day an open appeal has been seen
half on average, and counts for half (S. J. Cutler and F. Ederer, 1958, Journal of Chronic Diseases 8, 699-712).
"""

import numpy as np
import pandas as pd

from otklik.small_numbers import Z_95

ESTIMATE_COLUMNS = ["day", "share", "low", "high", "at_risk", "closed"]


def kaplan_meier(durations: pd.DataFrame, max_day: int) -> pd.DataFrame:
    """One row per day since receipt, 0..`max_day`: day, share closed within it, low, high, at_risk, closed.

    `at_risk` appeals were open as the day began, and `closed` of them were closed on it. The 95 % bounds use
    Greenwood's variance (1926). After the highest age the last values continue. `durations` has a row per age in whole
    days (or several): age, appeals of that age, and how many of them were closed at it.
    """
    by_age = durations.groupby("age")[["appeals", "closed"]].sum().sort_index()
    departures, closed = by_age["appeals"].to_numpy(float), by_age["closed"].to_numpy(float)
    at_risk = departures.sum() - np.concatenate([[0.0], np.cumsum(departures)[:-1]])
    exposed = at_risk - (departures - closed) / 2
    survival_rate = np.cumprod(1 - closed / exposed)
    # Once all appeals at risk are closed, the estimate can't vary any more.
    variance_denominators = exposed * (exposed - closed)
    variance_terms = np.divide(
        closed, variance_denominators, out=np.zeros_like(closed), where=variance_denominators > 0
    )
    standard_error = survival_rate * np.sqrt(np.cumsum(variance_terms))
    rows = pd.DataFrame(
        {"share": 1 - survival_rate, "error": standard_error, "at_risk": at_risk, "closed": closed},
        index=by_age.index + 1,
    )
    # Age 0 ends one day after receipt.
    rows = rows.reindex(range(max_day + 1))
    rows.loc[0, ["share", "error", "closed"]] = 0.0
    rows["closed"] = rows["closed"].fillna(0.0)
    rows[["share", "error"]] = rows[["share", "error"]].ffill()
    departed = np.concatenate([[0.0], np.cumsum(departures)])
    positions = np.searchsorted(by_age.index.to_numpy(), np.maximum(np.arange(max_day + 1) - 1, 0), side="left")
    rows["at_risk"] = departures.sum() - departed[positions]
    rows["low"], rows["high"] = rows["share"] - Z_95 * rows["error"], rows["share"] + Z_95 * rows["error"]
    rows[["low", "high"]] = rows[["low", "high"]].clip(0, 1)
    return rows.rename_axis("day").reset_index()[ESTIMATE_COLUMNS]


def day_reached(rows: pd.DataFrame, share: float) -> float:
    """The first day by which this share is closed, NaN where none is. `rows`: `kaplan_meier` of one group."""
    days_reached = rows.loc[rows["share"] >= share - 1e-12, "day"]
    return float(days_reached.iloc[0]) if len(days_reached) else float("nan")
