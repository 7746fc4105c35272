"""Where Prometheus finds the measurements: a port of its own, which no visitor reaches."""

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector, start_http_server

from otklik.counters import registry
from otklik.monitoring.gauges import StateCollector


def serve_measurements(host: str, port: int) -> None:
    """Answer requests for the measurements of this process in a thread, until the process ends.

    Raises OSError if the port is taken.
    """
    start_http_server(port, host, registry)
    registry.register(StateCollector())
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
