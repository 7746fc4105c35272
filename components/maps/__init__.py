"""Maps of territories and appeals, drawn without requests to servers outside."""
