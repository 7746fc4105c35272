"""Appeals that may be about the same problem."""

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.text.appeal_state import state_badge
from components.text.escape import escape_markdown
from components.url import links
from otklik.i18n import _, formats


def similar_appeals_list(rows: pd.DataFrame) -> None:
    """One line an appeal with a button that opens it. `rows`: queries.appeal.similar.similar_appeals."""
    if rows.empty:
        empty_state(_("None near by or on the same topic says much the same."))
        return
    for row in rows.to_dict("records"):
        reasons = [_("same topic")] if row["same_topic"] else [escape_markdown(row["topic"])]
        if pd.notna(row["near"]):
            reasons.append(_("{n} m away").format(n=formats.number(round(row["near"] * 100) * 10)))
        elif pd.notna(row["same_place"]) and row["same_place"]:
            reasons.append(_("same place"))
        reasons.append(_("text alike: {share}").format(share=formats.percent(row["alike"])))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            params = links.appeal_params(row["number"], row["source"], row["region"], st.query_params.get("list", ""))
            if st.button(escape_markdown(row["number"]), key=f"alike-{row['region_id']}-{row['id']}", type="tertiary"):
                st.query_params.from_dict(params)
                st.rerun()
            state_badge(str(row["state"]))
            st.caption(f"{formats.day(row['received_at'])} · {' · '.join(reasons)}", width="content")
