"""Tables: the registry of columns, the one data_table(), and the tables that several pages share."""
