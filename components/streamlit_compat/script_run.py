"""Which run of a script the calling code belongs to.

Streamlit has no public way to ask whether code runs for a viewer at all, nor to tell one run from the next; only its
internal `get_script_run_ctx` knows. A public `st.context.run_id` would replace this module.
"""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def current_run() -> object | None:
    """An object that is the same throughout one run of a page or of fragments; None outside of any run."""
    context = get_script_run_ctx(suppress_warning=True)
    # Every run starts with new cursors; the context itself and its session outlive the run.
    return None if context is None else context.cursors
