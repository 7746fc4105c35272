"""Files that a person downloads: the situation report, and the list of open appeals."""
