"""Queries of the page of problems: the board, one problem with its remedies and history, and its appeals."""
