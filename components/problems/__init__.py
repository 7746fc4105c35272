"""The page of problems: the board, one problem, and the forms that change it."""
