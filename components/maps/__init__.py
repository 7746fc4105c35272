"""Maps of territories and of appeals, drawn without any request to the outside."""
