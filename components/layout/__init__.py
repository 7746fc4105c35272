"""What surrounds the content of a page: frame, panels, status line, notifications."""
