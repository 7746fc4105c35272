"""What people do to appeals: reassign, extend, return, annotate, undo."""
