"""Counters of what a process of the screens does, for Prometheus; `otklik.monitoring` serves them.

They stand below all else, so that whatever does the work can count it.
"""

from prometheus_client import CollectorRegistry, Counter

registry = CollectorRegistry()
"""What this process measures, and nothing of the libraries that it uses."""

page_runs = Counter("otklik_page_runs", "Runs of a whole page for a viewer, by page", ["page"], registry=registry)
fragment_runs = Counter("otklik_fragment_runs", "Drawings of a live part of a page for a viewer", registry=registry)
panel_requests = Counter("otklik_panel_requests", "Drawings of panels that a cache holds", registry=registry)
panel_builds = Counter("otklik_panel_builds", "Panels drawn because the cache lacked them", registry=registry)
query_requests = Counter("otklik_query_requests", "Results asked of the cache of queries", registry=registry)
query_runs = Counter("otklik_query_runs", "Queries run because the cache lacked the result", registry=registry)
wall_builds = Counter("otklik_wall_builds", "Pictures of the wall that were drawn", registry=registry)
live_messages = Counter("otklik_live_messages", "Messages to open pages that there is something new", registry=registry)
