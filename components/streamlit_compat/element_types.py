"""Types of what Streamlit's functions return, for annotations: Streamlit exports none of them."""

from streamlit.delta_generator import DeltaGenerator as Container
from streamlit.elements.lib.column_types import ColumnConfig
from streamlit.elements.lib.mutable_popover_container import PopoverContainer as Popover
from streamlit.navigation.page import Page

__all__ = ["ColumnConfig", "Container", "Page", "Popover"]
