"""`python -m cli` is `counterfoil`."""

from cli.main import run

run()
