"""The queue page: the list of open appeals, its controls and charts."""
