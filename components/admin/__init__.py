"""People, wall screens and the audit, for administrators."""
