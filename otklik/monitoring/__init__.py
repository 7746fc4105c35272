"""What whoever runs Otklik watches: measurements for Prometheus, and whether this process can answer."""
