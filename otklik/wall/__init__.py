"""The wall's route: pages and websockets of plain HTML, built once for all who see the same."""
