"""Data sources: folders, databases, Open311 servers and pushes from which appeals come in by themselves."""
