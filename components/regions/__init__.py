"""The regions page: charts and tables below the map."""
