"""Files of what a panel or a page shows: spreadsheets, images, reports."""
