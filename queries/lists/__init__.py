"""Lists of appeals: their columns, and rows with key, version and state."""
