"""Installing Otklik: the build backend that pyproject.toml names."""
