"""The filter bar and everything else that narrows a page."""
