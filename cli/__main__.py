"""`python -m cli` is `counterfoil`."""

from cli.start import run

run()
