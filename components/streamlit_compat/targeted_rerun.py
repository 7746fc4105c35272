"""Rerunning named fragments from a callback without losing what a person pressed in the same run.

Streamlit merges messages of the browser that arrive together. When a callback of one asks for named fragments,
`st.rerun` runs those alone: the fragment of a button without a callback, pressed at that moment, doesn't run, and the
press is lost. As soon as `st.rerun` adds the fragments of the run that it replaces, it replaces this module.
"""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx


def rerun_fragments(keys: Sequence[str]) -> None:
    """Rerun the fragments with these keys, and those that the browser asked for in the same run; for a callback.

    A run of the whole page redraws them anyway and goes on.
    """
    context = get_script_run_ctx()
    if context is None or not context.fragment_ids_this_run:
        return
    try:
        st.rerun(list(keys))
    except RerunException as rerun:
        fragment_ids = dict.fromkeys([*context.fragment_ids_this_run, *rerun.rerun_data.fragment_id_queue])
        raise RerunException(replace(rerun.rerun_data, fragment_id_queue=list(fragment_ids))) from None
