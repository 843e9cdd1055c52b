"""How the tables came to be: alembic's scripts, forward only."""
