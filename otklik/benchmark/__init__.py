"""How fast Otklik is, measured: a database of made-up appeals, the panels' questions, the write path."""
