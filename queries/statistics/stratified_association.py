"""Whether appeals with a term are rated low more often than others of the same topic."""

import numpy as np
import pandas as pd
from scipy.special import erfc

# The reach of the count that is possible within the topics, to both sides of the expected one (see mantel_haenszel).
MIN_REACH = 5


def mantel_haenszel(occurrences: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """One row per term, indexed by it: bad and good (texts with it), odds_ratio, z, p.

    `occurrences`: term and text (a position in `texts`), once each. `texts`: bad (bool) and topic_id. The odds ratio is
    that within topics, common to all (N. Mantel and W. Haenszel, 1959, Journal of the National Cancer Institute 22,
    719-748); z is the signed root of their test statistic with continuity correction, p its two-sided probability by
    chance: 1 for a term whose counts can't tell, since the normal distribution wouldn't do (N. Mantel and J. L. Fleiss,
    1980, American Journal of Epidemiology 112, 129-134).
    """
    topic_texts = texts.groupby("topic_id")["bad"].agg(["size", "sum"])
    with_texts = occurrences.join(texts, on="text")
    cells = with_texts.groupby(["term", "topic_id"], sort=False)["bad"].agg(["size", "sum"]).reset_index()
    topics = topic_texts.reindex(cells["topic_id"])
    total, bad_total = topics["size"].to_numpy(float), topics["sum"].to_numpy(float)
    with_term, bad_with = cells["size"].to_numpy(float), cells["sum"].to_numpy(float)
    good_with, good_total = with_term - bad_with, total - bad_total
    margins = with_term * (total - with_term) * bad_total * good_total
    sums = (
        pd.DataFrame(
            {
                "term": cells["term"],
                "bad": cells["sum"],
                "good": cells["size"] - cells["sum"],
                "expected": with_term * bad_total / total,
                "least": np.maximum(0, with_term - good_total),
                "most": np.minimum(with_term, bad_total),
                "variance": margins / (total**2 * np.maximum(total - 1, 1)),
                "for_bad": bad_with * (good_total - good_with) / total,
                "for_good": good_with * (bad_total - bad_with) / total,
            }
        )
        .groupby("term")
        .sum()
    )
    excess = sums["bad"] - sums["expected"]
    reach = np.minimum(sums["expected"] - sums["least"], sums["most"] - sums["expected"])
    can_tell = (reach >= MIN_REACH) & (sums["variance"] > 0)
    deviation = np.sqrt(sums["variance"].where(can_tell, 1))
    z = (np.sign(excess) * np.maximum(excess.abs() - 0.5, 0) / deviation).where(can_tell, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds_ratio = sums["for_bad"] / sums["for_good"]
    return sums[["bad", "good"]].assign(odds_ratio=odds_ratio, z=z, p=erfc(z.abs() / np.sqrt(2)))
