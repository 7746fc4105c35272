"""Numbers of appeals: sums over cubes or appeals of a period, and those open or overdue at a moment."""
