"""Queries of the overview's first screen: what is due, who must act, what is unusual, and whether appeals arrive."""
