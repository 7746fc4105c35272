"""The parts of one appeal's page."""
