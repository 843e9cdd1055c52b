"""`counterfoil sample`: an assurance sample from its plan to a pack that a stranger can verify."""

from cli.sample.app import app

__all__ = ["app"]
