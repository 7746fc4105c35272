"""The words of texts: their dictionary forms, and vectors of Russian ones."""
