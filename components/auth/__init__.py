"""The sign-in page, the user menu, and the viewer of a page with role and rights."""
