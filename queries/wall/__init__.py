"""Queries of the wall: a few large figures with their state, today's arrivals, who must act, the feed."""
