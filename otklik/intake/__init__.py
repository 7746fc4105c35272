"""How appeals get in: demo data, the simulator, and the import of files."""
