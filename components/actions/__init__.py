"""Acting on appeals: the form, its fields, what would come of it, and what came of it."""
