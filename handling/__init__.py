"""Handling appeals: deadlines, moving them on, and telling who has to know. Draws nothing."""
