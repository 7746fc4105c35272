"""Text that people wrote, made safe for Markdown."""
