"""The random generator of demo appeals: when they arrive, who handles them, how they end."""
