"""The overview page: its charts and the newest appeals."""
