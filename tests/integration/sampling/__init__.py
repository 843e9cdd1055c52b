"""Assurance samples as stored, on a real SQLite and a real PostgreSQL."""
