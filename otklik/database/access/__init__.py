"""Whom the database lets in, and what they see: people, devices, rights, scope, personal data, audit."""
