"""Rows of cells to appeals, with the topics, organisations and territories that they name."""
