"""Inferring a mapping from a file: its layout, the role of each column, the meaning of its words."""
