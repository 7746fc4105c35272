"""The page of one appeal: finding it, its facts, history, deadline, similar appeals and applicant."""
