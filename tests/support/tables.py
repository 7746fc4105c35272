"""What a table of AppTest shows: the texts that its cells display, and the data that they sort by."""

from typing import Any

import pandas as pd
import pyarrow as pa


def displayed(table: Any) -> pd.DataFrame:  # noqa: ANN401 -- the rows have no common type
    """The text that each cell of an AppTest dataframe displays, by the columns' keys."""
    styler = table.proto.arrow_data.styler
    if not styler.display_values:
        return pd.DataFrame(table.value.astype(str))
    return pd.DataFrame(pa.ipc.open_stream(styler.display_values).read_pandas())
