"""Acting on appeals: the form with its inputs and preview, results, undoing, and messages for refusals."""
