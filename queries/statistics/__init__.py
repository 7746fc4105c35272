"""Statistical estimates, tests and intervals as functions of counts alone: no filters, no database."""
