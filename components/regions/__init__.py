"""The regions page: the charts and tables below the map."""
