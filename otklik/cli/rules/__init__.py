"""Commands for the rules of the centre: deadlines, escalation, topics that are services, what is public."""
