"""The address of a page: query parameters and links."""
