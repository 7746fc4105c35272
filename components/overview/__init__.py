"""The overview page: its first screen and its charts."""
