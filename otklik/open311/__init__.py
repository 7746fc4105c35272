"""Public appeals by Open311 (GeoReport v2), to read only: services, requests, and nothing that names a person."""
